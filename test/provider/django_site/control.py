"""Actions that tests can perform on the site, although clients of Ion cannot."""

import json

from django.core.management import call_command
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from . import clock
from .database.base import gate
from .models import User


def act(do):
    @csrf_exempt
    def view(request):
        return JsonResponse({"outcome": do(**json.loads(request.body))})

    return view


def lock(username, locked):
    User.objects.filter(username=username).update(locked=locked)


def clear_tokens():
    call_command("cleartokens")


def delete_access_token(token):
    get_access_token_model().objects.filter(token=token).delete()


def count_refresh_tokens():
    return get_refresh_token_model().objects.count()


urlpatterns = [
    path("clock", act(clock.advance)),
    path("lock", act(lock)),
    path("cleartokens", act(clear_tokens)),
    path("delete-access-token", act(delete_access_token)),
    path("count-refresh-tokens", act(count_refresh_tokens)),
    path("shut-gate", act(gate.shut)),
    path("open-gate", act(gate.open_when)),
]
