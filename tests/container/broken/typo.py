"""Needs a library that does not exist."""

import a_library_that_nobody_has as library  # type: ignore[import-not-found]

from pyfly.container import component


@component
class Never:
    """Is never reached."""

    library = library
