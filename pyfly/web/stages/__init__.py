"""What runs around every request: the list of the built-in stages, and those that have no other home."""
