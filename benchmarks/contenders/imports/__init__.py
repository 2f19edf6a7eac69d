"""Imports: what a program pays before its first own line."""
