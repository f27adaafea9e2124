"""A site that runs the real django-oauth-toolkit as Ion does. The tests rely on it to show what Ion does."""
