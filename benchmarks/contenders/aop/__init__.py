"""Interception of method calls."""
