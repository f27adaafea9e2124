"""Implements /api, /api/schedule, /api/announcements, /api/emerg, and /api/bus, paginated by REST framework."""

from datetime import timedelta, timezone as zones

from django.core.exceptions import ValidationError as InvalidDate
from django.db.models import DateField
from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import (
    DateTimeField,
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
# Enough to fill two pages.
ANNOUNCEMENTS = 53


INDEX = {
    "Schedule": ["/schedule", "/schedule?page_size=<num>", "/schedule/<date>"],
    "Announcements": ["/announcements", "/announcements/<pk>"],
    "Emergency Announcements": ["/emerg"],
    "Profile": [
        "/profile",
        "/profile/<pk>",
        "/profile/<username>",
        "/profile/<pk>/picture",
        "/profile/<username>/picture",
    ],
    "Search": ["/search/<query>"],
    "Blocks": ["/blocks", "/blocks?start_date=<start_date>", "/blocks?date=<date>", "/blocks/<pk>"],
    "Activities": ["/activities", "/activities/<pk>"],
    "Signups": [
        "/signups/user",
        "/signups/user/<user_id>",
        "/signups/user/favorites",
        "/signups/scheduled_activity/<scheduled_activity_id>",
    ],
    "Bus": ["/bus", "/bus/<pk>"],
}
BUSES = [
    {"id": 1, "route_name": "TJ-01", "space": "12", "bus_number": "1401", "status": "a"},
    {"id": 2, "route_name": "TJ-02", "space": "", "bus_number": "", "status": "o"},
]


class SchedulePages(PageNumberPagination):
    page_size = 1
    page_size_query_param = "page_size"
    max_page_size = 7


class Schedule(APIView):
    permission_classes = [AllowAny]

    def get(self, request, day=None):
        if day is not None:
            return Response(shown(parsed(day), day, request))
        # On Ion, the schedule begins with the date in UTC, although its days are those in New York.
        today = timezone.now().date()
        days = [shown(today + timedelta(days=ahead), None, request) for ahead in range(14)]
        pages = SchedulePages()
        return pages.get_paginated_response(pages.paginate_queryset(days, request))


class AnnouncementSerializer(HyperlinkedModelSerializer):
    url = HyperlinkedIdentityField(view_name="announcement")
    user = PrimaryKeyRelatedField(read_only=True)
    groups = SerializerMethodField()
    added = DateTimeField(default_timezone=zones.utc, read_only=True)
    updated = DateTimeField(default_timezone=zones.utc, read_only=True)

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
    serializer_class = AnnouncementSerializer
    permission_classes = [ReadsAnnouncements]

    def get_queryset(self):
        # This checks what the person may see. As on Ion, it fails for an application's own token, which belongs to
        # no one.
        return Announcement.objects.exclude(hidden_from=self.request.user.pk)


@api_view(["GET"])
@permission_classes([AllowAny])
def emergency(request):
    return Response({"status": False, "message": ""})


@api_view(["GET"])
@permission_classes([AllowAny])
def index(request):
    return Response(
        {
            section: {
                pattern: ["What it is", request.build_absolute_uri(f"/api{pattern}")]
                for pattern in patterns
            }
            for section, patterns in INDEX.items()
        }
    )


class BusList(APIView):
    def get(self, request):
        pages = PageNumberPagination()
        return pages.get_paginated_response(pages.paginate_queryset(BUSES, request))


class BusDetail(APIView):
    def get(self, request, pk):
        for bus in BUSES:
            if bus["id"] == pk:
                return Response(bus)
        raise Http404("No Route matches the given query.")


def sow_announcements():
    for n in range(ANNOUNCEMENTS):
        title, content, author = TEXTS[n % len(TEXTS)]
        added = timezone.now() - timedelta(days=n)
        Announcement.objects.create(
            title=title, content=content, author=author, added=added, updated=added
        )


def parsed(text):
    try:
        return DateField().to_python(text)
    except InvalidDate as error:
        # As on Ion, the text looks like a Python list with the message in it.
        raise ValidationError(str(error))


def shown(day, text, request):
    # There is school even on weekends, because an app under test asks for today's schedule.
    is_school = day.year < 2031
    blocks = BLOCKS if is_school else []
    name = "Blue Day" if is_school else "NO SCHOOL<br>"
    # For a day that is not in the calendar, the response repeats the date as it was requested.
    date = day.isoformat() if is_school else text
    return {
        "url": reverse("schedule-of-day", [date], request=request),
        "date": date,
        "day_type": {"name": name, "special": False, "blocks": blocks},
    }
