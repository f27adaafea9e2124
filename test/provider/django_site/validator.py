"""What Ion adds to django-oauth-toolkit's validator: what an id_token and /oauth/userinfo/ say about a person."""

from django.db import DataError, transaction
from oauth2_provider.oauth2_validators import OAuth2Validator


class IonValidator(OAuth2Validator):
    oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {
        "groups": "groups",
        "is_sysadmin": "groups",
    }

    # With the request as a parameter, so that the discovery document promises only "sub".
    def get_additional_claims(self, request):
        user = request.user
        return {
            "given_name": user.first_name,
            "family_name": user.last_name,
            "name": user.full_name,
            "preferred_username": user.username,
            "email": user.tj_email,
            "email_verified": True,
            "groups": [],
            "is_sysadmin": False,
        }

    # PostgreSQL refuses what is too long for the column. SQLite stores it.
    def save_authorization_code(self, client_id, code, request, *args, **kwargs):
        if len(request.code_challenge or "") > 128:
            raise DataError("value too long for type character varying(128)")
        super().save_authorization_code(client_id, code, request, *args, **kwargs)

    # It looks for the code, and then deletes it. Between the two, sqlite may wait for a client that writes
    # anything at all, and then every exchange of the same code would succeed.
    @transaction.atomic
    def invalidate_authorization_code(self, *args, **kwargs):
        return super().invalidate_authorization_code(*args, **kwargs)
