"""The decorators that say which method of a controller answers which request."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from pyfly.container.metadata import published, record, record_of
from pyfly.container.records import GatheredRecord
from pyfly.kernel.record import Record

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)
MediaTypes = str | Sequence[str]
"""One media type, or several."""


class Mapping(Record):
    """One verb and path, the status of a successful answer, and the media types of answer and request."""

    method: str
    path: str
    status_code: int = 200
    produces: tuple[str, ...] = ()
    consumes: tuple[str, ...] = ()


def _published_mapping(said: Mapping) -> dict[str, object]:
    return {"method": said.method, "path": said.path, "status_code": said.status_code}


class RouteRecord(Record, kw_only=True):
    """What a mapping decorator says about a handler."""

    mapping: Mapping | None = published("__pyfly_mapping__", default=None, convert=_published_mapping)
    deprecated: bool = published("__pyfly_deprecated__", default=False)


class ControllerRecord(Record, kw_only=True):
    """What ``@request_mapping`` says about a controller class."""

    path: str = published("__pyfly_request_mapping__", default="", always=True)


class MappingDecorator(Protocol):
    """The form of ``@get_mapping`` and its siblings."""

    def __call__(
        self,
        path: str = "",
        *,
        status_code: int = 200,
        deprecated: bool = False,
        produces: MediaTypes = (),
        consumes: MediaTypes = (),
        version: str | Sequence[str] = (),
    ) -> Callable[[F], F]:
        """Return the decorator for *path*, relative to the controller's; *status_code* is that of success.

        *produces* are the media types of the answer, the preferred one first; *consumes* those of request
        bodies. Other requests are refused with 406 and 415. *version* is the version of the API that it is for,
        such as ``"2"``, or ``"2+"`` for that one and later ones.
        """


def request_mapping(path: str) -> Callable[[C], C]:
    """Put *path* before the path of every handler of the controller.

    Raises:
        TypeError: There is no path: the parentheses are missing.
    """
    path_of(path, "request_mapping")

    def decorate(cls: C) -> C:
        record(cls, ControllerRecord, path=path.rstrip("/"))
        return cls

    return decorate


def path_of(given: object, decorator: str) -> None:
    """Refuse what is no path, such as the handler of a decorator without parentheses.

    Raises:
        TypeError: With how to write it.
    """
    if not isinstance(given, str):
        raise TypeError(f'@{decorator} takes a path: write @{decorator}("/path") with parentheses')


def media_types(given: MediaTypes) -> tuple[str, ...]:
    """Return *given*, one or several media types, in lower case."""
    return tuple(item.lower() for item in ([given] if isinstance(given, str) else given))


def join_functions(handler: Callable[..., Any]) -> None:
    """Let *handler*, if it is a function of a module, join the controller that is made of such functions."""
    known = record_of(handler, GatheredRecord)
    if getattr(handler, "__qualname__", "") == getattr(handler, "__name__", None) and known is None:
        record(handler, GatheredRecord, stereotype="rest_controller")


def _mapping(method: str) -> MappingDecorator:
    def mapping(
        path: str = "",
        *,
        status_code: int = 200,
        deprecated: bool = False,
        produces: MediaTypes = (),
        consumes: MediaTypes = (),
        version: str | Sequence[str] = (),
    ) -> Callable[[F], F]:
        path_of(path, mapping.__name__)
        said = Mapping(method, path, status_code, media_types(produces), media_types(consumes))

        def decorate(handler: F) -> F:
            record(handler, RouteRecord, mapping=said, deprecated=deprecated)
            join_functions(handler)
            if version:
                from pyfly.web.versions import api_version  # only for those who have versions

                api_version(version)(handler)
            return handler

        return decorate

    mapping.__name__ = mapping.__qualname__ = f"{method.lower()}_mapping"
    mapping.__doc__ = f"Answer {method} requests for *path* with the decorated handler."
    return mapping


get_mapping = _mapping("GET")
post_mapping = _mapping("POST")
put_mapping = _mapping("PUT")
patch_mapping = _mapping("PATCH")
delete_mapping = _mapping("DELETE")
