"""Running the sample; never imported by a scan."""

raise AssertionError("a scan must not run __main__")
