"""Where everything is."""

from django.http import HttpResponse
from django.urls import include, path, re_path

from .login import Login, logout
from .pictures import Picture
from .profile import Profile
from .school import Announcements, Schedule

YEARS = "freshman|sophomore|junior|senior|staff"

urlpatterns = [
    path("", lambda request: HttpResponse("The test provider.")),
    path("login", Login.as_view()),
    path("logout", logout),
    path("oauth/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("api/profile", Profile.as_view()),
    path("api/profile/<int:pk>", Profile.as_view(), name="profile-by-id"),
    re_path(r"^api/profile/(?P<username>[A-Za-z0-9]+)$", Profile.as_view()),
    path("api/profile/<int:pk>/picture", Picture.as_view(), name="picture-by-id"),
    re_path(rf"^api/profile/(?P<pk>\d+)/picture/(?P<year>{YEARS})$", Picture.as_view()),
    re_path(rf"^api/profile/(?P<username>[A-Za-z0-9]+)/picture(/(?P<year>{YEARS}))?$", Picture.as_view()),
    path("api/schedule", Schedule.as_view()),
    path("api/schedule/<str:day>", Schedule.as_view(), name="schedule-of-day"),
    path("api/announcements", Announcements.as_view()),
    path("__control/", include("django_site.control")),
]
