import os

from social_core.backends.oauth import BaseOAuth2

ION = os.environ["ION_BASE_URL"]


class IonOauth2(BaseOAuth2):
    name = "ion"
    AUTHORIZATION_URL = ION + "/oauth/authorize"
    ACCESS_TOKEN_URL = ION + "/oauth/token"
    EXTRA_DATA = [("refresh_token", "refresh_token", True), ("expires_in", "expires")]

    def get_scope(self):
        return ["read"]

    def user_data(self, access_token, *args, **kwargs):
        return self.get_json(ION + "/api/profile", params={"access_token": access_token})

    def get_user_details(self, response):
        return {
            "username": response["ion_username"],
            "email": response["tj_email"],
            "first_name": response["first_name"],
            "last_name": response["last_name"],
        }
