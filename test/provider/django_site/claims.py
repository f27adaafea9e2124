"""What an id_token and /oauth/userinfo/ say about a person."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class ClaimsValidator(OAuth2Validator):
    oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {
        "groups": "groups",
        "is_sysadmin": "groups",
    }

    # With the request, so that discovery promises no more than "sub".
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
