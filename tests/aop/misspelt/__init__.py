"""Aspects that cannot work."""
