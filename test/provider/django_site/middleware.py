"""The middleware that every request goes through, as on Ion."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers


def fix_slashes(get_response):
    """Adds a missing trailing slash to paths under /oauth, and removes trailing slashes from all other paths."""

    def middleware(request):
        path = request.path_info
        if path.startswith("/oauth/.well-known/"):
            pass
        elif path.startswith("/oauth"):
            path = path if path.endswith("/") else f"{path}/"
        else:
            path = path.rstrip("/") or "/"
        request.path = request.path_info = path
        return get_response(request)

    return middleware


def refuse_other_origins(get_response):
    """Refuses requests from pages on other sites, even to parts of the API that need no login."""

    def middleware(request):
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.get_host():
            return HttpResponse(status=401)
        if origin is not None and request.method == "OPTIONS":
            return HttpResponse()
        return get_response(request)

    return middleware


def note_session(get_response):
    """Gives everyone who is authenticated a session, even if only a token in the header authenticates them."""

    def middleware(request):
        if request.user.is_authenticated and "seen" not in request.session:
            request.session["seen"] = timezone.now().isoformat()
        return get_response(request)

    return middleware


def set_dark_mode(get_response):
    """Sets a cookie with the dark-mode setting for everyone who is authenticated after the view has run."""

    def middleware(request):
        response = get_response(request)
        # For an application's own token, the user is None.
        if request.user is not None and request.user.is_authenticated:
            response.set_cookie("dark-mode-enabled", "0", max_age=30 * 24 * 60 * 60)
        return response

    return middleware


def no_login_page_for_scripts(get_response):
    """Responds with 401 to a script that would otherwise be redirected to the login page."""

    def middleware(request):
        response = get_response(request)
        by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
        if by_script and response.status_code == 302 and response["Location"].startswith("/login"):
            response.status_code = 401
        return response

    return middleware


def common_headers(get_response):
    def middleware(request):
        response = get_response(request)
        patch_vary_headers(response, ["origin"])
        response["Referrer-Policy"] = "strict-origin-when-cross-origin"
        return response

    return middleware
