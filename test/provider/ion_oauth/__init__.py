"""Does what the package ion_oauth does, but with the Ion that a test runs."""
