"""Parameter markers: ``item_id: PathVar[int]`` is an ``int`` for the handler and for type checkers.

At run time the markers are generic classes that keep their argument. A wire name that differs from
the parameter's is said with ``Annotated[str | None, QueryParam("lastName")]``.
"""

from typing import TYPE_CHECKING, Annotated, TypeVar

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.params.markers import Sortable

    T = TypeVar("T")
    Body = Annotated[T, "body"]
    Cookie = Annotated[T, "cookie"]
    File = Annotated[T, "file"]
    Form = Annotated[T, "form"]
    Header = Annotated[T, "header"]
    PathVar = Annotated[T, "path"]
    QueryParam = Annotated[T, "query"]
    Valid = Annotated[T, "valid"]

__all__ = ["Body", "Cookie", "File", "Form", "Header", "PathVar", "QueryParam", "Sortable", "Valid"]

__getattr__, __dir__ = lazy_exports(__name__, dict.fromkeys(__all__, "pyfly.web.params.markers"))
