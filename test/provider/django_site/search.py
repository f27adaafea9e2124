"""Implements /api/search/<query>, which finds people by a query in Ion's query language."""

import re

from django.db.models import Q
from rest_framework.pagination import PageNumberPagination
from rest_framework.views import APIView

from .models import User
from .profile import grade, in_brief

FIELDS = {
    "first": ["first_name", "nickname"],
    "last": ["last_name"],
    "nick": ["nickname"],
    "name": ["first_name", "last_name", "nickname"],
    "gradyear": ["graduation_year"],
    "studentid": ["student_id"],
    "sex": ["sex"],
    "id": ["id"],
    "username": ["username"],
    "counselor": ["counselor__last_name"],
    "administrator": ["administrator__last_name"],
    "type": ["user_type"],
}
NAMES = ["first_name", "last_name", "nickname", "username"]
EVERYBODY = Q(pk__gte=-1)


class Search(APIView):
    def get(self, request, query):
        users = User.objects.exclude(user_type="service").exclude(locked=True)
        pages = PageNumberPagination()
        found = pages.paginate_queryset(users.filter(condition(query)).order_by("id"), request)
        return pages.get_paginated_response([result(user, request) for user in found])


def result(user, request):
    brief = in_brief(user, request)
    return {**brief, "grade": grade(user)} if user.is_student else brief


def condition(query):
    if query.isdigit():
        return Q(student_id=query) | Q(id=query)
    alternatives = Q(pk__in=[])
    for alternative in query.split(" OR "):
        words = re.findall(r'"[^"]*"|[^\s+]+', alternative)
        every = EVERYBODY
        for word in words:
            every &= word_condition(word)
        alternatives |= every
    return alternatives


def word_condition(word):
    operator = re.fullmatch(r"(\w+)([:=<>])(.*)", word)
    if operator:
        key, sign, value = operator.groups()
        lookup = {"<": "lte", ">": "gte"}.get(sign, "icontains")
        return any_field(FIELDS[key.lower()], lookup, value) if key.lower() in FIELDS else EVERYBODY
    if word.startswith('"'):
        return any_field(NAMES, "iexact", word.strip('"'))
    return any_field(NAMES, "icontains", word.strip("*"))


def any_field(fields, lookup, value):
    found = Q(pk__in=[])
    for field in fields:
        found |= Q(**{f"{field}__{lookup}": value})
    return found
