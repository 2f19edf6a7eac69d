"""A package that tests leave out; importing it is noticed."""

IMPORTED = True
