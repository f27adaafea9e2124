"""The settings of Ion that a client can notice."""

import os
import secrets

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(48)
ALLOWED_HOSTS = ["*"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ROOT_URLCONF = "django_site.urls"
LOGIN_URL = "/login"
USE_TZ = True
TIME_ZONE = "America/New_York"
DATA_UPLOAD_MAX_MEMORY_SIZE = 200 * 1024 * 1024
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "rest_framework",
    "oauth2_provider",
    "django_site",
]

MIDDLEWARE = [
    "django_site.middleware.fix_slashes",
    "django_site.middleware.refuse_other_origins",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "oauth2_provider.middleware.OAuth2TokenMiddleware",
    "django_site.middleware.note_session",
    "django_site.middleware.set_dark_mode",
    "django_site.middleware.no_login_page_for_scripts",
    "django_site.middleware.common_headers",
]
X_FRAME_OPTIONS = "SAMEORIGIN"

DATABASES = {
    "default": {
        "ENGINE": "django_site.database",
        "NAME": os.environ["DJANGO_SITE_DATABASE"],
        "OPTIONS": {
            # Each transaction waits for the one before it, as transactions on the same rows do on
            # PostgreSQL, so overlapping requests get the same responses as they would there.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        },
    }
}
# The site always starts with a new database, which needs no migrations.
MIGRATION_MODULES = {"auth": None, "contenttypes": None, "sessions": None, "oauth2_provider": None}

SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_COOKIE_AGE = 2 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.request",
            ]
        },
    }
]

AUTH_USER_MODEL = "django_site.User"
AUTHENTICATION_BACKENDS = ["oauth2_provider.backends.OAuth2Backend", "django_site.login.AnyPassword"]
# Every token request hashes the client secret. Ion's hash function is slow on purpose, but this site's is fast,
# because nothing here is secret.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["django_site.permissions.NotRestricted"],
    # The first class sends no WWW-Authenticate header, so the response without authentication is a 403, not a 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "django_site.permissions.SessionWithoutCsrf",
        "oauth2_provider.contrib.rest_framework.OAuth2Authentication",
    ],
    "EXCEPTION_HANDLER": "django_site.api_errors.response_to",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
}

OAUTH2_PROVIDER = {
    "SCOPES": {
        "read": "Read scope",
        "write": "Write scope",
        "openid": "OpenID Connect",
        "profile": "Profile",
        "email": "Email",
        "groups": "Groups",
    },
    "REFRESH_TOKEN_EXPIRE_SECONDS": 30 * 24 * 60 * 60,
    "PKCE_REQUIRED": False,
    "OIDC_ENABLED": True,
    "OIDC_RSA_PRIVATE_KEY": rsa.generate_private_key(public_exponent=65537, key_size=2048)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode(),
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OAUTH2_VALIDATOR_CLASS": "django_site.validator.IonValidator",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "ERROR"},
}
