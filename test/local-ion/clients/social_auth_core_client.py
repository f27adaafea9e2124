"""A site that signs people in with social-auth-core and a backend like the one in the package
ion_oauth.

Its arguments are the base URL, the client id, the client secret, and the redirect URI. It prints the
authorization URL, reads the callback URL from standard input, and prints what the pipeline got, as JSON.
"""

import json
import sys
from urllib.parse import parse_qsl, urlsplit

from social_core.backends.oauth import BaseOAuth2
from social_core.exceptions import AuthException
from social_core.storage import BaseStorage, NonceMixin
from social_core.strategy import BaseStrategy

BASE, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI = sys.argv[1:]


class IonOauth2(BaseOAuth2):
    name = "ion"
    AUTHORIZATION_URL = BASE + "/oauth/authorize"
    ACCESS_TOKEN_URL = BASE + "/oauth/token"
    ACCESS_TOKEN_METHOD = "POST"
    EXTRA_DATA = [("refresh_token", "refresh_token", True), ("expires_in", "expires")]

    def get_scope(self):
        return ["read"]

    def user_data(self, access_token, *args, **kwargs):
        return self.get_json(BASE + "/api/profile", params={"access_token": access_token})

    def get_user_details(self, response):
        return {
            "first_name": response["first_name"],
            "last_name": response["last_name"],
            "id": response["id"],
            "is_student": response["is_student"],
            "is_teacher": response["is_teacher"],
            "username": response["ion_username"],
            "email": response["tj_email"],
        }


class Nonce(NonceMixin):
    unused = set()

    @classmethod
    def use(cls, server_url, timestamp, salt):
        cls.unused.add((server_url, timestamp, salt))
        return True

    @classmethod
    def consume(cls, server_url, timestamp, salt):
        found = (server_url, timestamp, salt) in cls.unused
        cls.unused.discard((server_url, timestamp, salt))
        return found


class Storage(BaseStorage):
    nonce = Nonce


class Site(BaseStrategy):
    """A minimal site, with settings, a session, and the parameters of the current request."""

    SETTINGS = {
        "SOCIAL_AUTH_ION_KEY": CLIENT_ID,
        "SOCIAL_AUTH_ION_SECRET": CLIENT_SECRET,
        "SOCIAL_AUTH_PIPELINE": (
            "social_core.pipeline.social_auth.social_details",
            "social_core.pipeline.social_auth.social_uid",
            "__main__.make_user",
        ),
    }

    def __init__(self):
        super().__init__(Storage)
        self.session = {}
        self.request = {}

    def get_setting(self, name):
        return self.SETTINGS[name]

    def request_data(self, merge=True):
        return self.request

    def build_absolute_uri(self, path=None):
        return path

    def redirect(self, url):
        return url

    def session_get(self, name, default=None):
        return self.session.get(name, default)

    def session_set(self, name, value):
        self.session[name] = value

    def session_pop(self, name):
        return self.session.pop(name, None)

    def session_setdefault(self, name, value):
        return self.session.setdefault(name, value)


class User:
    is_active = True
    social_user = None
    is_new = True

    def __init__(self, uid, details, extra):
        self.uid, self.details, self.extra = uid, details, extra


def make_user(backend, uid, details, response, **pipeline):
    return {"user": User(uid, details, backend.extra_data(None, uid, response, details, pipeline))}


def main():
    site = Site()
    backend = IonOauth2(site, redirect_uri=REDIRECT_URI)
    print(backend.start(), flush=True)
    site.request = dict(parse_qsl(urlsplit(sys.stdin.readline().strip()).query))
    backend = IonOauth2(site, redirect_uri=REDIRECT_URI)
    try:
        user = backend.complete()
    except AuthException as error:
        return {"raised": type(error).__name__}
    refreshed = backend.refresh_token(user.extra["refresh_token"])
    return {
        "uid": user.uid,
        "details": user.details,
        "extra": sorted(user.extra),
        "refreshed": sorted(refreshed),
        "profile after the refresh": backend.user_data(refreshed["access_token"])["id"],
    }


if __name__ == "__main__":
    print(json.dumps(main()), flush=True)
