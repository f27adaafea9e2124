"""/api/profile/<somebody>/picture, with the content types that Ion gives it."""

from pathlib import Path

from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from .profile import find

NO_PHOTO = (Path(__file__).parent / "no-photo.png").read_bytes()


class PictureRenderer(BaseRenderer):
    media_type = "image/jpg"
    format = "jpg"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        # An error comes as a dict, and what is left of that are its keys.
        return data if isinstance(data, bytes) else "".join(data).encode()


class Picture(APIView):
    renderer_classes = [PictureRenderer]

    def get(self, request, year=None, **whom):
        find(request.user, **whom)
        # Nobody here has a photo on file. The default is a PNG, by the name of JPEG all the same.
        return Response(NO_PHOTO, content_type="image/jpeg")
