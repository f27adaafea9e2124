"""Adds to django-oauth-toolkit's validator what Ion adds: claims about the person in id_tokens and userinfo."""

from django.db import DataError, transaction
from oauth2_provider.oauth2_validators import OAuth2Validator


class IonValidator(OAuth2Validator):
    oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {
        "groups": "groups",
        "is_sysadmin": "groups",
    }

    # If this method had no parameter, the discovery document would promise these claims, too. As on Ion, it has
    # one, so the document promises only "sub".
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

    # PostgreSQL refuses a value that is too long for the column. SQLite would store it, so this raises the error.
    def save_authorization_code(self, client_id, code, request, *args, **kwargs):
        if len(request.code_challenge or "") > 128:
            raise DataError("value too long for type character varying(128)")
        super().save_authorization_code(client_id, code, request, *args, **kwargs)

    # This looks for the code, and then deletes it. In between, SQLite might wait for another request that is
    # writing. Without a transaction, every exchange of the same code would then succeed.
    @transaction.atomic
    def invalidate_authorization_code(self, *args, **kwargs):
        return super().invalidate_authorization_code(*args, **kwargs)
