"""Where everything is."""

from django.http import HttpResponse
from django.urls import include, path, re_path
from django.views.defaults import page_not_found

from .eighth_period import ActivityDetail, ActivityList, BlockDetail, BlockList, Favorites, SignupList
from .login import Login, logout
from .pictures import Picture
from .profile import Profile
from .school import AnnouncementDetail, AnnouncementList, Schedule, emergency

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
    # For its URL only.
    path("api/signups/scheduled_activity/<int:pk>", page_not_found, {"exception": None}, name="roster"),
    path("__control/", include("django_site.control")),
]
