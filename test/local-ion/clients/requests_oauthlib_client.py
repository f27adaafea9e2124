"""Runs one scenario with the Python client from Ion's guide, which uses requests-oauthlib.

Its arguments are the scenario, the base URL, the client id, the client secret, and the redirect URI. It
prints the authorization URL, reads the callback URL from standard input, and prints the results as JSON.
"""

import json
import os
import sys
import time

# The guide says to set this if the app runs without HTTPS.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

from oauthlib.oauth2 import OAuth2Error, TokenExpiredError
from requests_oauthlib import OAuth2Session, TokenUpdated

SCENARIO, BASE, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI = sys.argv[1:]
AUTHORIZE, TOKEN, PROFILE = BASE + "/oauth/authorize/", BASE + "/oauth/token/", BASE + "/api/profile"


def session(**options):
    return OAuth2Session(
        CLIENT_ID, redirect_uri=REDIRECT_URI, **({"scope": ["read", "write"]} | options)
    )


def callback(oauth, **parameters):
    url, state = oauth.authorization_url(AUTHORIZE, **parameters)
    assert f"state={state}" in url
    print(url, flush=True)
    return sys.stdin.readline().strip()


def sign_in(**options):
    oauth = session(**options)
    oauth.fetch_token(TOKEN, authorization_response=callback(oauth), client_secret=CLIENT_SECRET)
    return oauth


def refresh(oauth):
    return oauth.refresh_token(TOKEN, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)


def exception_name(act):
    try:
        act()
    except (OAuth2Error, TokenUpdated) as error:
        return type(error).__name__
    return None


def the_guide():
    """Gets tokens, gets the profile, and refreshes, with the guide's code."""
    oauth = sign_in()
    first = dict(oauth.token)
    profile = oauth.get(PROFILE)
    second = refresh(oauth)
    again = oauth.get(PROFILE)
    return {
        "scope": first["scope"],
        "expires_in": first["expires_in"],
        "profile": json.loads(profile.content.decode()),
        "changed": [key for key in ("access_token", "refresh_token") if first[key] != second[key]],
        "status after the refresh": again.status_code,
    }


def id_in_the_body():
    oauth = session()
    oauth.fetch_token(
        TOKEN,
        authorization_response=callback(oauth),
        client_secret=CLIENT_SECRET,
        include_client_id=True,
    )
    return {"status": oauth.get(PROFILE).status_code}


def pkce():
    return {"status": sign_in(pkce="S256").get(PROFILE).status_code}


def rotated():
    oauth = sign_in()
    old = dict(oauth.token)
    refresh(oauth)
    late = OAuth2Session(CLIENT_ID, token=old)
    return {
        "status of the old access token": late.get(PROFILE).status_code,
        "refresh with the old refresh token": exception_name(lambda: refresh(late)),
        "status of the new access token": oauth.get(PROFILE).status_code,
    }


def dead_at_the_server():
    """Shows that the client raises no exception if the server refuses a token that has not expired."""
    oauth = sign_in()
    dead = OAuth2Session(CLIENT_ID, token={**oauth.token, "access_token": "dead"})
    response = dead.get(PROFILE)
    return {"status": response.status_code, "body": response.json()}


def expired_by_the_clock():
    oauth = sign_in()
    oauth.token = {**oauth.token, "expires_at": time.time() - 1}
    try:
        oauth.get(PROFILE)
    except TokenExpiredError:
        refresh(oauth)
    return {"status": oauth.get(PROFILE).status_code}


def auto_refresh():
    credentials = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    oauth = sign_in(auto_refresh_url=TOKEN, auto_refresh_kwargs=credentials)
    oauth.token = {**oauth.token, "expires_at": time.time() - 1}
    raised = exception_name(lambda: oauth.get(PROFILE))
    return {"raised": raised, "status": oauth.get(PROFILE).status_code}


def used_code():
    oauth = session()
    response = callback(oauth)
    fetch = {"authorization_response": response, "client_secret": CLIENT_SECRET}
    oauth.fetch_token(TOKEN, **fetch)
    return {"raised": exception_name(lambda: oauth.fetch_token(TOKEN, **fetch))}


def wrong_secret():
    oauth = session()
    fetch = {"authorization_response": callback(oauth), "client_secret": "wrong"}
    return {"raised": exception_name(lambda: oauth.fetch_token(TOKEN, **fetch))}


def cancelled():
    return {"raised": exception_name(lambda: sign_in())}


def no_scope():
    return {"raised": exception_name(lambda: sign_in(scope=None))}


SCENARIOS = {
    "the guide": the_guide,
    "id in the body": id_in_the_body,
    "PKCE": pkce,
    "rotated": rotated,
    "dead at the server": dead_at_the_server,
    "expired by the clock": expired_by_the_clock,
    "auto refresh": auto_refresh,
    "used code": used_code,
    "wrong secret": wrong_secret,
    "cancelled": cancelled,
    "no scope": no_scope,
}

if __name__ == "__main__":
    print(json.dumps(SCENARIOS[SCENARIO]()), flush=True)
