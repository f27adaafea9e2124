"""Fills a new site with data."""

from django.db import transaction
from oauth2_provider.models import get_application_model

from .eighth_period import sow_eighth_period
from .models import User
from .school import sow_announcements


@transaction.atomic
def sow(people, applications):
    # This sets counselors only after creating everyone, because a counselor might come after their students.
    links = [(p["id"], p.pop("counselor", None), p.pop("administrator", None)) for p in people]
    for person in people:
        User.objects.create(**person)
    for pk, counselor, administrator in links:
        User.objects.filter(pk=pk).update(counselor=counselor, administrator=administrator)
    for application in applications:
        get_application_model().objects.create(**application)
    sow_announcements()
    sow_eighth_period()
