"""Who may ask the API."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission, IsAuthenticated


class SessionWithoutCsrf(SessionAuthentication):
    def enforce_csrf(self, request):
        return


class NotRestricted(BasePermission):
    def has_permission(self, request, view):
        user = request.user
        known = bool(user and user.is_authenticated)
        return known and not user.is_restricted and user.has_api_access


__all__ = ["IsAuthenticated", "NotRestricted", "SessionWithoutCsrf"]
