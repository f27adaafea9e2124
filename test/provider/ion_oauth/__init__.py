"""Stands in for the package ion_oauth, and signs people in with the Ion that a test runs."""
