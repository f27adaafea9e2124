"""Implements /api/profile/<person>/picture, with the content types that Ion sends."""

from pathlib import Path

from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import User
from .profile import GRADES

NO_PHOTO = (Path(__file__).parent / "no-photo.png").read_bytes()
# The beginning of a JPEG file. No test looks at the rest.
PHOTO = b"\xff\xd8\xff\xe0 a photo"


class PictureRenderer(BaseRenderer):
    media_type = "image/jpg"
    format = "jpg"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        # An error is a dict. As on Ion, the response consists of only the dict's keys.
        return data if isinstance(data, bytes) else "".join(data).encode()


class Picture(APIView):
    renderer_classes = [PictureRenderer]

    def get(self, request, year=None, **whom):
        # Here, unlike for a profile, the case of the username must match.
        user = User.objects.get(**whom)
        asker = request.user
        visible = user == asker or user.show_pictures or asker.sees_private_data
        photo = PHOTO if visible and has_photo_of(year, user) else NO_PHOTO
        # Ion labels every picture with this type, whatever its bytes are.
        return Response(photo, content_type="image/jpeg")


def has_photo_of(year, user):
    if year is None or not user.has_photo:
        return user.has_photo
    if user.graduation_year is None:
        return year == "staff"
    return any(name == year and number <= user.grade_number for number, name in GRADES.items())
