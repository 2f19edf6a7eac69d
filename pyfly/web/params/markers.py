"""The run-time classes behind the parameter markers.

``QueryParam[int]`` is a plain generic alias here, so a handler's signature can be read with
``get_origin`` and ``get_args``. For type checkers the same spelling *is* ``int``: see the package.
"""

from typing import Generic, TypeVar

T = TypeVar("T")


class Marker(Generic[T]):
    """Says where a parameter comes from; ``Annotated[T, Marker("wire-name")]`` also says under which name."""

    __slots__ = ("name",)

    def __init__(self, name: str = "") -> None:
        """Read the parameter under *name* instead of its own."""
        self.name = name


class PathVar(Marker[T]):
    """A variable of the path template."""


class QueryParam(Marker[T]):
    """A value of the query string; all of it, if ``T`` is a model."""


class Header(Marker[T]):
    """A request header; underscores of the parameter's name are dashes in the header's."""


class Cookie(Marker[T]):
    """A cookie."""


class Body(Marker[T]):
    """The request body: JSON, or its raw content for ``bytes`` and ``str``."""


class Form(Marker[T]):
    """A field of a form, urlencoded or multipart; all fields, if ``T`` is a model."""


class File(Marker[T]):
    """An uploaded file, or several: ``File[UploadedFile]``, ``File[list[UploadedFile]]``, ``File[bytes]``."""


class Sortable:
    """The properties that requests may sort by: ``Annotated[Pageable, Sortable("name", "id")]``."""

    __slots__ = ("properties",)

    def __init__(self, *properties: str) -> None:
        """Refuse to sort by any others than *properties*."""
        self.properties = properties


class Valid(Marker[T]):
    """A validated parameter: ``Valid[Model]`` is a body, ``Valid[QueryParam[int]]`` a query value."""
