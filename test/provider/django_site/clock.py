"""The site's clock, which a test can set and move forward."""

import threading
import time
from datetime import datetime, timezone as zones

from django.utils import timezone

_read_real_clock = time.time
_seconds_ahead = 0.0


def install(start):
    """Sets the clock to `start`, in milliseconds since the epoch.

    Call this before any library is imported, because some libraries keep a reference to `time.time`.
    Most of Django reads the time from `timezone.now`, but jwcrypto and Django's sessions read it from
    `time.time`, so this replaces both.
    """
    global _seconds_ahead
    _seconds_ahead = start / 1000 - _read_real_clock()
    time.time = _now
    # Python's own sleep fails if the tests run under faketime, which changes the system's time.
    time.sleep = lambda seconds: threading.Event().wait(seconds) and None
    timezone.now = lambda: datetime.fromtimestamp(_now(), zones.utc)


def advance(milliseconds):
    global _seconds_ahead
    _seconds_ahead += milliseconds / 1000


def _now():
    return _read_real_clock() + _seconds_ahead
