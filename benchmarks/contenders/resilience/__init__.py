"""Policies around a function that succeeds."""
