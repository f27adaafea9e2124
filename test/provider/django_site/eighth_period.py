"""Implements /api/blocks, /api/activities, and /api/signups, where REST framework determines how Ion responds."""

from datetime import date, timedelta

from django.http import Http404
from django.utils import timezone
from rest_framework import generics, serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from .models import EighthActivity, EighthBlock, EighthScheduledActivity, EighthSignup, User
from .permissions import NotRestrictedOrApplication


class SignupRefused(Exception):
    """A refused sign-up, with reasons that people can read."""


class BlockSerializer(serializers.HyperlinkedModelSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="block")

    class Meta:
        model = EighthBlock
        fields = ["id", "url", "date", "block_letter", "locked"]


class BlockPages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class BlockList(generics.ListAPIView):
    serializer_class = BlockSerializer
    pagination_class = BlockPages
    permission_classes = [NotRestrictedOrApplication]

    def get_queryset(self):
        return on_days(EighthBlock.objects.all(), self.request, {"start_date": "date__gte", "date": "date"})


class BlockDetail(APIView):
    permission_classes = [NotRestrictedOrApplication]

    def get(self, request, pk):
        block = EighthBlock.objects.filter(pk=pk).first()
        if block is None:
            raise Http404
        # As on Ion, this fails for an application's own token, which has no user and so no favorites.
        favorites = set(request.user.favorited_activity_set.all())
        return Response(
            {
                "id": block.id,
                "activities": {
                    scheduled.activity.id: on_block(scheduled, favorites, request)
                    for scheduled in block.eighthscheduledactivity_set.all()
                },
                "date": block.date,
                "block_letter": block.block_letter,
                "comments": "",
            }
        )


class ActivitySerializer(serializers.HyperlinkedModelSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="activity")

    class Meta:
        model = EighthActivity
        fields = ["id", "url", "name"]


class ActivityDetailSerializer(serializers.ModelSerializer):
    scheduled_on = serializers.SerializerMethodField()

    class Meta:
        model = EighthActivity
        fields = [
            "id", "name", "description", "administrative", "restricted", "presign", "one_a_day",
            "both_blocks", "sticky", "special", "scheduled_on",
        ]

    def get_scheduled_on(self, activity):
        request = self.context["request"]
        return {
            scheduled.block.id: {
                "id": scheduled.block.id,
                "date": scheduled.block.date,
                "block_letter": scheduled.block.block_letter,
                "url": reverse("block", [scheduled.block.id], request=request),
                "roster": {
                    "id": scheduled.id,
                    "url": reverse("roster", [scheduled.id], request=request),
                },
            }
            for scheduled in activity.eighthscheduledactivity_set.order_by("block")
        }


class ActivityList(generics.ListAPIView):
    queryset = EighthActivity.objects.all()
    serializer_class = ActivitySerializer
    permission_classes = [NotRestrictedOrApplication]


class ActivityDetail(generics.RetrieveAPIView):
    queryset = EighthActivity.objects.all()
    serializer_class = ActivityDetailSerializer
    permission_classes = [NotRestrictedOrApplication]


class NewSignupSerializer(serializers.Serializer):
    block = serializers.PrimaryKeyRelatedField(queryset=EighthBlock.objects.all(), required=False)
    activity = serializers.PrimaryKeyRelatedField(queryset=EighthActivity.objects.all(), required=False)
    scheduled_activity = serializers.PrimaryKeyRelatedField(
        queryset=EighthScheduledActivity.objects.all(), required=False
    )
    use_scheduled_activity = serializers.BooleanField(required=False)
    force = serializers.BooleanField(required=False)

    def validate(self, wanted):
        has_pair = "block" in wanted and "activity" in wanted
        if "scheduled_activity" in wanted or has_pair and not wanted.get("use_scheduled_activity"):
            return wanted
        raise serializers.ValidationError(
            "Either scheduled_activity, or block and activity must exist. "
            "use_scheduled_activity must be false to use block and activity."
        )


class SignupList(generics.ListCreateAPIView):
    queryset = EighthSignup.objects.all()
    serializer_class = NewSignupSerializer
    permission_classes = [NotRestrictedOrApplication]

    def list(self, request, pk=None):
        user = request.user if pk is None else User.objects.get(pk=pk)
        block = "scheduled_activity__block"
        asked = {"date": f"{block}__date", "start_date": f"{block}__date__gte"}
        signups = on_days(user.eighthsignup_set.order_by(block), request, asked)
        if not user.shows_eighth_to(request.user):
            signups = signups.none()
        return Response([signed_up(signup, request) for signup in signups])

    def create(self, request, pk=None):
        if pk is not None and not request.user.is_eighth_admin:
            raise PermissionDenied
        user = request.user if pk is None else User.objects.get(pk=pk)
        serializer = NewSignupSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = serializer.validated_data
        if "block" in wanted and "activity" in wanted and not wanted.get("use_scheduled_activity"):
            scheduled = EighthScheduledActivity.objects.get(
                block=wanted["block"], activity=wanted["activity"]
            )
        else:
            scheduled = wanted["scheduled_activity"]
        if wanted.get("force") and not request.user.is_eighth_admin:
            return Response({"error": "You are not an administrator."}, status=400)
        sign_up(user, scheduled, wanted.get("force"))
        shown = ActivityDetailSerializer(scheduled.activity, context={"request": request})
        return Response(shown.data, status=201)


class FavoriteSerializer(serializers.Serializer):
    activity = serializers.PrimaryKeyRelatedField(queryset=EighthActivity.objects.all(), required=False)


class Favorites(generics.ListCreateAPIView):
    serializer_class = FavoriteSerializer
    permission_classes = [NotRestrictedOrApplication]

    def list(self, request):
        favorites = request.user.favorited_activity_set.all()
        return Response(ActivitySerializer(favorites, many=True, context={"request": request}).data)

    def create(self, request):
        serializer = FavoriteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        activity = serializer.validated_data["activity"]
        favorites = request.user.favorited_activity_set
        if activity in favorites.all():
            favorites.remove(activity)
        else:
            favorites.add(activity)
        shown = ActivityDetailSerializer(activity, context={"request": request})
        return Response(shown.data, status=201)


class Roster(APIView):
    permission_classes = [NotRestrictedOrApplication]

    def get(self, request, pk):
        scheduled = EighthScheduledActivity.objects.get(pk=pk)
        block, activity = scheduled.block, scheduled.activity
        signed_up = [signup.user for signup in scheduled.eighthsignup_set.order_by("id")]
        members = [
            {
                "id": user.id,
                "full_name": user.full_name,
                "username": user.username,
                "url": reverse("profile-by-id", [user.id], request=request),
            }
            for user in signed_up
            if user.shows_eighth_to(request.user)
        ]
        url = reverse("activity", [activity.id], request=request)
        return Response(
            {
                "id": scheduled.id,
                "name": activity.name,
                "block": {
                    "id": block.id,
                    "date": block.date,
                    "url": reverse("block", [block.id], request=request),
                },
                "activity": {"id": activity.id, "title": activity.name, "url": url},
                "signups": {
                    "members": members,
                    "count": len(signed_up),
                    "viewable_count": len(members),
                },
                "capacity": activity.capacity,
            }
        )


def on_days(queryset, request, filters):
    """Filters the items by the first of these query parameters that the request has."""
    for parameter, field in filters.items():
        if parameter in request.GET:
            try:
                day = date.fromisoformat(request.GET[parameter])
            except ValueError:
                raise ValidationError(f"Invalid format for {parameter}.")
            return queryset.filter(**{field: day})
    return queryset


def on_block(scheduled, favorites, request):
    activity = scheduled.activity
    url = reverse("roster", [scheduled.id], request=request)
    presign_day = scheduled.block.date - timedelta(days=2)
    return {
        "id": activity.id,
        "aid": activity.id,
        "scheduled_activity": {"id": scheduled.id, "url": url},
        "url": reverse("activity", [activity.id], request=request),
        "name": activity.name,
        "name_with_flags": activity.name,
        "name_with_flags_for_user": activity.name,
        "description": activity.description,
        "cancelled": False,
        "favorited": activity in favorites,
        "subscribed_to": False,
        "subscriptions_enabled": False,
        "roster": {
            "count": scheduled.eighthsignup_set.count(),
            "capacity": activity.capacity,
            "url": url,
        },
        "rooms": ["Room 1"],
        "sponsors": ["Delta"],
        "restricted": activity.restricted,
        "restricted_for_user": activity.restricted,
        "both_blocks": activity.both_blocks,
        "one_a_day": activity.one_a_day,
        "special": activity.special,
        "administrative": activity.administrative,
        "presign": activity.presign,
        "presign_time": f"{presign_day:%A, %B {presign_day.day}} at 8:00 PM",
        "sticky": activity.sticky,
        "user_sticky": False,
        "finance": "",
        "title": "",
        "comments": "",
        "display_text": "",
        "waitlist_count": 0,
        "waitlisted": False,
        "waitlist_position": 0,
        "is_recommended": False,
    }


def signed_up(signup, request):
    scheduled = signup.scheduled_activity
    block, activity = scheduled.block, scheduled.activity
    return {
        "id": signup.id,
        "block": {
            "id": block.id,
            "date": block.date,
            "url": reverse("block", [block.id], request=request),
            "block_letter": block.block_letter,
        },
        "activity": {
            "id": activity.id,
            "title": activity.name,
            "url": reverse("activity", [activity.id], request=request),
        },
        "scheduled_activity": scheduled.id,
        "user": signup.user_id,
    }


def sign_up(user, scheduled, force):
    taken = EighthSignup.objects.filter(scheduled_activity=scheduled).count()
    reasons = {
        "This activity is full. You may not sign up for it at this time.": (
            taken >= scheduled.activity.capacity
        ),
        "This block has been locked. Signup is not allowed at this time.": scheduled.block.locked,
        "You may not sign this student up for activities.": user.grade_number > 12,
    }
    refused = [reason for reason, applies in reasons.items() if applies]
    if refused and not force:
        raise SignupRefused(refused)
    user.eighthsignup_set.filter(scheduled_activity__block=scheduled.block).delete()
    EighthSignup.objects.create(user=user, scheduled_activity=scheduled)


def sow_eighth_period():
    activities = [
        EighthActivity.objects.create(name="Chess Club"),
        EighthActivity.objects.create(name="One seat", capacity=1),
    ]
    today = timezone.localdate()
    for week in range(-4, 4):
        for letter in "AB":
            day = today + timedelta(days=7 * week)
            block = EighthBlock.objects.create(date=day, block_letter=letter, locked=day < today)
            for activity in activities:
                EighthScheduledActivity.objects.create(block=block, activity=activity)
