"""Decides who may send requests to the API."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated


class SessionWithoutCsrf(SessionAuthentication):
    def enforce_csrf(self, request):
        return


class NotRestricted(BasePermission):
    def has_permission(self, request, view):
        user = request.user
        known = bool(user and user.is_authenticated)
        return known and not user.is_restricted and user.has_api_access


class NotRestrictedOrApplication(NotRestricted):
    """Also lets in an application's own token, from client_credentials, which belongs to no user."""

    def has_permission(self, request, view):
        return bool(super().has_permission(request, view) or request.auth)


class ReadsAnnouncements(NotRestrictedOrApplication):
    """Lets no one write, because on Ion, only announcement admins may, and this site has none."""

    def has_permission(self, request, view):
        return request.method in SAFE_METHODS and super().has_permission(request, view)


__all__ = [
    "IsAuthenticated",
    "NotRestricted",
    "NotRestrictedOrApplication",
    "ReadsAnnouncements",
    "SessionWithoutCsrf",
]
