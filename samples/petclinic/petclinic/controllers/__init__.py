"""The REST API: which request is answered by which service."""
