"""The decorators that say which method of a controller answers which request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pyfly.container.metadata import published, record

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


@dataclass(frozen=True, slots=True)
class Mapping:
    """One verb and path, and the status of a successful answer."""

    method: str
    path: str
    status_code: int = 200


def _published_mapping(said: Mapping) -> dict[str, object]:
    return {"method": said.method, "path": said.path, "status_code": said.status_code}


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRecord:
    """What a mapping decorator says about a handler."""

    mapping: Mapping | None = published("__pyfly_mapping__", default=None, convert=_published_mapping)
    deprecated: bool = published("__pyfly_deprecated__", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerRecord:
    """What ``@request_mapping`` says about a controller class."""

    path: str = published("__pyfly_request_mapping__", default="", always=True)


class MappingDecorator(Protocol):
    """The form of ``@get_mapping`` and its siblings."""

    def __call__(
        self, path: str = "", *, status_code: int = 200, deprecated: bool = False
    ) -> Callable[[F], F]:
        """Return the decorator for *path*, relative to the controller's; *status_code* is that of success."""


def request_mapping(path: str) -> Callable[[C], C]:
    """Put *path* before the path of every handler of the controller."""

    def decorate(cls: C) -> C:
        record(cls, ControllerRecord, path=path.rstrip("/"))
        return cls

    return decorate


def _mapping(method: str) -> MappingDecorator:
    def mapping(path: str = "", *, status_code: int = 200, deprecated: bool = False) -> Callable[[F], F]:
        def decorate(handler: F) -> F:
            record(handler, RouteRecord, mapping=Mapping(method, path, status_code), deprecated=deprecated)
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
