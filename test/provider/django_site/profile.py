"""Implements /api/profile, and decides how other parts of the API show people."""

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from .models import User

GRADES = {9: "freshman", 10: "sophomore", 11: "junior", 12: "senior"}


class Profile(APIView):
    """The profile of the token's owner, or of someone else."""

    permission_classes = [IsAuthenticated]

    def get(self, request, **whom):
        user = find(request.user, **whom)
        if user != request.user:
            if request.user.is_restricted:
                raise User.DoesNotExist
            if not request.user.has_api_access:
                raise PermissionDenied
        return Response(shown(user, request))


def find(asker, pk=None, username=None):
    if pk is not None:
        return User.objects.get(pk=pk)
    if username is not None:
        return User.objects.get(username__iexact=username)
    return asker


def shown(user, request):
    return {
        "id": user.pk,
        "ion_username": user.username,
        "sex": user.sex,
        "title": user.title,
        "display_name": user.full_name,
        "full_name": user.full_name,
        "short_name": user.first_name,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "nickname": user.nickname,
        "tj_email": user.tj_email,
        **({"student_id": user.student_id} if request.user.sees_private_data else {}),
        "grade": grade(user),
        "graduation_year": user.graduation_year,
        "user_type": user.user_type,
        "counselor": reference(user.counselor, request),
        "administrator": reference(user.administrator, request),
        "picture": picture_url(user, request),
        "is_eighth_admin": user.is_eighth_admin,
        "is_teacher": user.is_teacher,
        "is_student": user.is_student,
    }


def reference(user, request):
    return None if user is None else in_brief(user, request)


def in_brief(user, request):
    return {
        "id": user.pk,
        "url": reverse("profile-by-id", [user.pk], request=request),
        "user_type": user.user_type,
        "username": user.username,
        "full_name": user.full_name,
        "first_name": user.first_name,
        "last_name": user.last_name,
    }


def picture_url(user, request):
    url = reverse("picture-by-id", [user.pk], request=request)
    # Pictures come only in the format jpg, whatever format the profile was requested in.
    return replace_query_param(url, "format", "jpg") if "format" in request.GET else url


def grade(user):
    number = user.grade_number
    return {"number": number, "name": GRADES.get(number, "graduate")}
