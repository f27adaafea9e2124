"""The URLs of the site."""

from django.http import HttpResponse
from django.urls import include, path, re_path

from .eighth_period import (
    ActivityDetail,
    ActivityList,
    BlockDetail,
    BlockList,
    Favorites,
    Roster,
    SignupList,
)
from .login import Login, logout
from .pictures import Picture
from .profile import Profile
from .school import (
    AnnouncementDetail,
    AnnouncementList,
    BusDetail,
    BusList,
    Schedule,
    emergency,
    index,
)
from .search import Search

USERNAME = "(?P<username>[A-Za-z0-9]+)"
YEAR = "(?P<year>[A-Za-z]+)"

urlpatterns = [
    path("", lambda request: HttpResponse("The test provider.")),
    path("login", Login.as_view()),
    path("logout", logout),
    path("oauth/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("api", index),
    path("api/profile", Profile.as_view()),
    path("api/profile/<int:pk>", Profile.as_view(), name="profile-by-id"),
    re_path(rf"^api/profile/{USERNAME}$", Profile.as_view()),
    path("api/profile/<int:pk>/picture", Picture.as_view(), name="picture-by-id"),
    re_path(rf"^api/profile/(?P<pk>\d+)/picture/{YEAR}$", Picture.as_view()),
    re_path(rf"^api/profile/{USERNAME}/picture(/{YEAR})?$", Picture.as_view()),
    path("api/schedule", Schedule.as_view()),
    path("api/schedule/<str:day>", Schedule.as_view(), name="schedule-of-day"),
    path("api/announcements", AnnouncementList.as_view()),
    path("api/announcements/<int:pk>", AnnouncementDetail.as_view(), name="announcement"),
    path("api/emerg", emergency),
    path("api/blocks", BlockList.as_view()),
    path("api/blocks/<int:pk>", BlockDetail.as_view(), name="block"),
    path("api/activities", ActivityList.as_view()),
    path("api/activities/<int:pk>", ActivityDetail.as_view(), name="activity"),
    path("api/signups/user", SignupList.as_view()),
    path("api/signups/user/<int:pk>", SignupList.as_view()),
    path("api/signups/user/favorites", Favorites.as_view()),
    path("api/signups/scheduled_activity/<int:pk>", Roster.as_view(), name="roster"),
    path("api/search/<path:query>", Search.as_view()),
    path("api/bus", BusList.as_view()),
    path("api/bus/<int:pk>", BusDetail.as_view()),
    path("__control/", include("django_site.control")),
]
