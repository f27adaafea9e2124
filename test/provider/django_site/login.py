"""The login page. It asks only for a username, because clients never see what else Ion asks for."""

from django import forms
from django.contrib.auth import logout as end_login
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import LoginView

from django.shortcuts import redirect

from .models import User


class AnyPassword(ModelBackend):
    def authenticate(self, request, username=None, **credentials):
        # Only the password grant sends a password, and on this site, no password is right.
        if "password" in credentials:
            return None
        return User.objects.filter(username__iexact=username, locked=False).first()


class LoginForm(forms.Form):
    username = forms.CharField()

    def __init__(self, request=None, **options):
        super().__init__(**options)
        self.request = request

    def clean(self):
        name = self.cleaned_data.get("username")
        self.user = AnyPassword().authenticate(self.request, username=name)
        if self.user is None:
            raise forms.ValidationError("Nobody of that name can log in.")
        self.user.backend = "django_site.login.AnyPassword"
        return self.cleaned_data

    def get_user(self):
        return self.user


class Login(LoginView):
    template_name = "django_site/login.html"
    authentication_form = LoginForm
    next_page = "/"


def logout(request):
    end_login(request)
    return redirect("/")
