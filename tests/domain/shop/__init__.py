"""A domain behind HTTP."""
