"""What the package ion_oauth does, with the address of the Ion that a test runs."""
