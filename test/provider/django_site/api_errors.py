"""Turns exceptions into the API's error responses, some in REST framework's form, some in Ion's own."""

from django.core.exceptions import ObjectDoesNotExist
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .eighth_period import SignupRefused


def response_to(error, context):
    response = exception_handler(error, context)
    if response is not None:
        return response
    if isinstance(error, SignupRefused):
        return Response({"details": error.args[0]}, status=400)
    if isinstance(error, ObjectDoesNotExist):
        return Response({"details": ["Object does not exist (in database)."]}, status=404)
    return Response({"details": ["Unknown error occurred."]}, status=500)
