"""People, with the fields that a profile shows or depends on, and data for announcements and eighth period."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

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
    has_photo = models.BooleanField(default=True)
    # True only if both the person and a parent permit it.
    show_pictures = models.BooleanField(default=False)
    show_eighth = models.BooleanField(default=False)
    has_api_access = models.BooleanField(default=True)
    locked = models.BooleanField(default=False)

    USERNAME_FIELD = "username"

    @property
    def is_active(self):
        return not self.locked

    @property
    def full_name(self):
        # As on Ion, this is "None None" if both names are null.
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
    def sees_private_data(self):
        return self.is_teacher or self.is_eighth_admin

    @property
    def grade_number(self):
        if self.graduation_year is None:
            return 13
        today = timezone.localdate()
        senior_year = today.year + (today >= date(today.year, 8, 1))
        return 12 - (self.graduation_year - senior_year)

    def shows_eighth_to(self, asker):
        """`asker` is None for an application's own token, which sees only what everyone may see."""
        return self.show_eighth or self == asker or bool(asker and asker.sees_private_data)

    @property
    def tj_email(self):
        for email in self.emails:
            if email.endswith(SCHOOL_EMAIL_HOSTS):
                return email
        return f"{self.username}@{'fcps.edu' if self.is_teacher else 'tjhsst.edu'}"


class Announcement(models.Model):
    title = models.CharField(max_length=200)
    content = models.TextField()
    author = models.CharField(max_length=200)
    user = models.ForeignKey(User, models.SET_NULL, null=True)
    added = models.DateTimeField()
    updated = models.DateTimeField()
    pinned = models.BooleanField(default=False)
    hidden_from = models.ManyToManyField(User, related_name="+")

    class Meta:
        ordering = ["-pinned", "-added"]


class EighthBlock(models.Model):
    date = models.DateField()
    block_letter = models.CharField(max_length=10)
    locked = models.BooleanField(default=False)

    class Meta:
        ordering = ["date", "block_letter"]


class EighthActivity(models.Model):
    name = models.CharField(max_length=100)
    description = models.TextField(default="")
    administrative = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    presign = models.BooleanField(default=False)
    one_a_day = models.BooleanField(default=False)
    both_blocks = models.BooleanField(default=False)
    sticky = models.BooleanField(default=False)
    special = models.BooleanField(default=False)
    capacity = models.IntegerField(default=30)
    favorites = models.ManyToManyField(User, related_name="favorited_activity_set")

    class Meta:
        ordering = ["id"]


class EighthScheduledActivity(models.Model):
    block = models.ForeignKey(EighthBlock, models.CASCADE)
    activity = models.ForeignKey(EighthActivity, models.CASCADE)


class EighthSignup(models.Model):
    user = models.ForeignKey(User, models.CASCADE)
    scheduled_activity = models.ForeignKey(EighthScheduledActivity, models.CASCADE)
