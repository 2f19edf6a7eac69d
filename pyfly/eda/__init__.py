"""Events of the domain: published by anybody, delivered to the listeners of their type or pattern."""
