"""/api/schedule and /api/announcements: a few days and texts, in REST framework's own pages."""

from datetime import date, timedelta

from django.utils import timezone
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

BLOCKS = [
    {"order": 0, "name": "Period 1", "start": "8:40", "end": "10:15"},
    {"order": 1, "name": "Period 2", "start": "10:25", "end": "12:00"},
]
ANNOUNCEMENTS = [
    ("Lunch", "<p>It is <strong>pizza</strong> &amp; salad.</p>", "Avery Delta"),
    ("Ünïcödé", "<p>小梅<script>alert(1)</script></p>", "Zoë Núñez-Łukasik"),
]


class SchedulePages(PageNumberPagination):
    page_size = 1
    page_size_query_param = "page_size"
    max_page_size = 7


class Schedule(APIView):
    permission_classes = [AllowAny]

    def get(self, request, day=None):
        if day is not None:
            return Response(shown(parsed(day), request))
        today = timezone.localdate()
        days = [shown(today + timedelta(days=ahead), request) for ahead in range(14)]
        pages = SchedulePages()
        return pages.get_paginated_response(pages.paginate_queryset(days, request))


class Announcements(APIView):
    def post(self, request):
        # For announcement admins only, and nobody here is one.
        raise PermissionDenied

    def get(self, request):
        pages = PageNumberPagination()
        page = pages.paginate_queryset([announcement(n, request) for n in (1, 0)], request)
        return pages.get_paginated_response(page)


def parsed(day):
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise ValidationError


def shown(day, request):
    is_school = day.weekday() < 5 and day - timezone.localdate() < timedelta(days=300)
    blocks = BLOCKS if is_school else []
    name = "Blue Day" if is_school else "NO SCHOOL<br>"
    return {
        "url": reverse("schedule-of-day", [day.isoformat()], request=request),
        "date": day.isoformat(),
        "day_type": {"name": name, "special": False, "blocks": blocks},
    }


def announcement(index, request):
    title, content, author = ANNOUNCEMENTS[index]
    added = timezone.localtime() - timedelta(days=3 - index)
    return {
        "url": request.build_absolute_uri(f"/api/announcements/{index + 1}"),
        "id": index + 1,
        "title": title,
        "content": content,
        "author": author,
        "user": None,
        "added": added,
        "updated": added,
        "groups": [],
        "pinned": False,
    }
