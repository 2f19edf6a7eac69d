"""Beans whose validation cannot work."""
