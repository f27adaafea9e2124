"""The site's time, which a test can set and move forward."""

import threading
import time
from datetime import datetime, timezone as zones

from django.utils import timezone

_read_real_clock = time.time
_seconds_ahead = 0.0


def install(start):
    """Sets the clock to `start`, in milliseconds since the epoch.

    Before the libraries are imported: some of them keep `time.time` itself. Django asks
    `timezone.now`, jwcrypto and Django's sessions ask `time.time`; the two have to agree.
    """
    global _seconds_ahead
    _seconds_ahead = start / 1000 - _read_real_clock()
    time.time = _now
    # Under faketime, Python's own sleep fails.
    time.sleep = lambda seconds: threading.Event().wait(seconds) and None
    timezone.now = lambda: datetime.fromtimestamp(_now(), zones.utc)


def advance(milliseconds):
    global _seconds_ahead
    _seconds_ahead += milliseconds / 1000


def _now():
    return _read_real_clock() + _seconds_ahead
