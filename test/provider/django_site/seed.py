"""The people and the applications of a new site."""

from base64 import b64decode

from oauth2_provider.models import get_application_model

from .models import User


def sow(people, applications):
    photos = [b64decode(person.pop("photo")) if person.get("photo") else None for person in people]
    # Counselors may stand after whom they counsel.
    links = [(p["id"], p.pop("counselor", None), p.pop("administrator", None)) for p in people]
    for person, photo in zip(people, photos):
        User.objects.create(**person, photo=photo)
    for pk, counselor, administrator in links:
        User.objects.filter(pk=pk).update(counselor=counselor, administrator=administrator)
    for application in applications:
        get_application_model().objects.create(**application)
