"""Beans whose methods are validated."""
