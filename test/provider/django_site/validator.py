"""Ion's changes to django-oauth-toolkit's validator: the claims about a person in an id_token and userinfo."""

from django.db import DataError, transaction
from oauth2_provider.oauth2_validators import OAuth2Validator


class IonValidator(OAuth2Validator):
    oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {
        "groups": "groups",
        "is_sysadmin": "groups",
    }

    # Takes the request as a parameter, so that the discovery document promises only "sub".
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

    # PostgreSQL refuses a value that is too long for the column, but SQLite stores it.
    def save_authorization_code(self, client_id, code, request, *args, **kwargs):
        if len(request.code_challenge or "") > 128:
            raise DataError("value too long for type character varying(128)")
        super().save_authorization_code(client_id, code, request, *args, **kwargs)

    # This looks for the code, then deletes it. In between, SQLite may wait for any client that is writing. Without
    # the transaction, every exchange of the same code would then succeed.
    @transaction.atomic
    def invalidate_authorization_code(self, *args, **kwargs):
        return super().invalidate_authorization_code(*args, **kwargs)
