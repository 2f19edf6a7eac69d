"""An application with aspects, scanned by the tests."""
