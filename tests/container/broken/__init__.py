"""A package with a module that cannot be imported."""
