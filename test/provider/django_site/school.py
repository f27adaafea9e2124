"""/api/schedule, /api/announcements, /api/emerg: a few days and texts, in REST framework's own pages."""

from datetime import date, timedelta

from django.utils import timezone
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import (
    HyperlinkedIdentityField,
    HyperlinkedModelSerializer,
    PrimaryKeyRelatedField,
    SerializerMethodField,
)
from rest_framework.views import APIView

from .models import Announcement
from .permissions import ReadsAnnouncements

BLOCKS = [
    {"order": 0, "name": "Period 1", "start": "8:40", "end": "10:15"},
    {"order": 1, "name": "Period 2", "start": "10:25", "end": "12:00"},
]
TEXTS = [
    ("Lunch", "<p>It is <strong>pizza</strong> &amp; salad.</p>", "Avery Delta"),
    ("Ünïcödé", "<p>小梅<script>alert(1)</script></p>", "Zoë Núñez-Łukasik"),
]
# Two pages of them.
ANNOUNCEMENTS = 53


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


class AnnouncementSerializer(HyperlinkedModelSerializer):
    url = HyperlinkedIdentityField(view_name="announcement")
    user = PrimaryKeyRelatedField(read_only=True)
    groups = SerializerMethodField()

    class Meta:
        model = Announcement
        fields = [
            "url", "id", "title", "content", "author", "user", "added", "updated", "groups", "pinned"
        ]

    def get_groups(self, announcement):
        return []


class AnnouncementList(ListCreateAPIView):
    queryset = Announcement.objects.all()
    serializer_class = AnnouncementSerializer
    permission_classes = [ReadsAnnouncements]


class AnnouncementDetail(RetrieveUpdateDestroyAPIView):
    queryset = Announcement.objects.all()
    serializer_class = AnnouncementSerializer
    permission_classes = [ReadsAnnouncements]


@api_view(["GET"])
@permission_classes([AllowAny])
def emergency(request):
    return Response({"status": False, "message": None})


def sow_announcements():
    for n in range(ANNOUNCEMENTS):
        title, content, author = TEXTS[n % len(TEXTS)]
        added = timezone.now() - timedelta(days=n)
        Announcement.objects.create(
            title=title, content=content, author=author, added=added, updated=added
        )


def parsed(day):
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise ValidationError


def shown(day, request):
    # Weekends too: an app under test asks for the day that it is.
    is_school = day.year < 2031
    blocks = BLOCKS if is_school else []
    name = "Blue Day" if is_school else "NO SCHOOL<br>"
    return {
        "url": reverse("schedule-of-day", [day.isoformat()], request=request),
        "date": day.isoformat(),
        "day_type": {"name": name, "special": False, "blocks": blocks},
    }
