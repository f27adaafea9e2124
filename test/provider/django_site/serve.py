"""Serves the site on a free port. Reads one line of JSON from standard input, and stops at the end of the input."""

import json
import os
import sys
import tempfile
import threading
from pathlib import Path


def main():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["DJANGO_SITE_DATABASE"] = str(Path(folder, "site.sqlite3"))
        os.environ["DJANGO_SETTINGS_MODULE"] = "django_site.settings"
        server = make_server(json.loads(sys.stdin.readline()))
        # The process does not wait for a daemon thread, so it can exit even if connections are open.
        threading.Thread(target=server.run, daemon=True).start()
        print(json.dumps({"baseURL": f"http://127.0.0.1:{server.effective_port}"}), flush=True)
        sys.stdin.read()


def make_server(config):
    from . import clock

    clock.install(config["start"])

    import django
    import waitress

    django.setup()

    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from .seed import sow

    call_command("migrate", run_syncdb=True, verbosity=0)
    sow(config["people"], config["applications"])
    return waitress.create_server(
        without_bodies_for_head(get_wsgi_application()),
        host="127.0.0.1",
        port=0,
        threads=16,
        # Connections must not be cut off as idle when a test moves the clock forward.
        channel_timeout=10**9,
        # Keeps X-Forwarded-Proto, which Django reads because Ion runs behind a proxy.
        clear_untrusted_proxy_headers=False,
    )


def without_bodies_for_head(application):
    """Drops the body of a response to HEAD, because waitress would send it."""

    def wrapped(environ, start_response):
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        body.close()
        return []

    return wrapped


if __name__ == "__main__":
    main()
