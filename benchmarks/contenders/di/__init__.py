"""Dependency injection: what a look-up, a graph and a scope cost once everything has started."""
