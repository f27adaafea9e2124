"""A site that runs the real django-oauth-toolkit as Ion does, which the tests take as the truth about Ion."""
