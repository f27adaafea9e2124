"""People, with the fields that a profile shows or depends on."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

SCHOOL_EMAIL_HOSTS = ("fcps.edu", "tjhsst.edu")


class User(AbstractBaseUser):
    username = models.CharField(max_length=30, unique=True)
    sex = models.CharField(max_length=10, default="")
    title = models.CharField(max_length=5, null=True)
    first_name = models.CharField(max_length=35, null=True)
    last_name = models.CharField(max_length=70, null=True)
    nickname = models.CharField(max_length=35, null=True)
    emails = models.JSONField(default=list)
    student_id = models.PositiveBigIntegerField(null=True)
    graduation_year = models.IntegerField(null=True)
    user_type = models.CharField(max_length=30)
    counselor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    administrator = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    is_eighth_admin = models.BooleanField(default=False)
    has_api_access = models.BooleanField(default=True)
    locked = models.BooleanField(default=False)

    USERNAME_FIELD = "username"

    @property
    def is_active(self):
        return not self.locked

    @property
    def full_name(self):
        # Names may be null, and then this is "None None".
        return f"{self.first_name} {self.last_name}"

    @property
    def is_teacher(self):
        return self.user_type in ("teacher", "counselor")

    @property
    def is_student(self):
        return self.user_type == "student"

    @property
    def is_restricted(self):
        return self.user_type in ("user", "alum", "service")

    @property
    def sees_student_ids(self):
        return self.is_teacher or self.is_eighth_admin

    @property
    def tj_email(self):
        for email in self.emails:
            if email.endswith(SCHOOL_EMAIL_HOSTS):
                return email
        return f"{self.username}@{'fcps.edu' if self.is_teacher else 'tjhsst.edu'}"
