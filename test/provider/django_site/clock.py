"""The site's time, which a test may move on."""

from datetime import datetime, timedelta, timezone as zones

from django.utils import timezone

_real_now = timezone.now
_ahead = timedelta()


def install(start):
    """From now on it is `start`, in milliseconds since the epoch."""
    global _ahead
    _ahead = datetime.fromtimestamp(start / 1000, zones.utc) - _real_now()
    timezone.now = lambda: _real_now() + _ahead


def advance(milliseconds):
    global _ahead
    _ahead += timedelta(milliseconds=milliseconds)
