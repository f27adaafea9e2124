"""A site that runs the real django-oauth-toolkit as Ion does, for tests to be judged by."""
