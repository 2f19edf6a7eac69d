"""Reading a handler's signature: where each parameter comes from. Runs once, at start-up."""

import inspect
import types
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pyfly.container.types import MISSING
from pyfly.kernel.record import Record, attribute
from pyfly.web.binding.generics import is_open
from pyfly.web.binding.shapes import element, is_model, is_scalar, known_by_name, strip
from pyfly.web.params import markers


class Source(Enum):
    """The part of the request, or of the application, that a parameter comes from."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    BODY = "body"
    FORM = "form"
    FILE = "file"
    PAGE = "page"
    REQUEST = "request"
    SECURITY = "security"
    TASKS = "tasks"
    RESOLVED = "resolved"
    BEAN = "bean"


class Parameter(Record):
    """One parameter of a handler.

    Attributes:
        name: Its name in the signature.
        wire: Its name in the request.
        source: Where it comes from.
        type: What it is validated as, constraints included.
        default: Its value when the request has none, or ``MISSING``.
        keyword_only: Whether it must be passed by name.
        resolver: The class of the ``ArgumentResolver`` bean that makes it, if one does.
    """

    name: str
    wire: str
    source: Source
    type: Any
    default: Any = MISSING
    keyword_only: bool = False
    resolver: Any = None

    @property
    def required(self) -> bool:
        """Whether a request without it is refused."""
        return self.default is MISSING


class Known(Record):
    """What there is besides the request.

    Attributes:
        is_bean: Says whether there is a bean of a type.
        resolvers: The classes of ``ArgumentResolver`` beans by the types that they take care of.
        camel: Whether the names of fields that the framework itself writes are ``totalPages``.
    """

    is_bean: Callable[[type], bool]
    resolvers: Mapping[type, type] = attribute(default_factory=dict)
    camel: bool = False

    def resolver_of(self, wanted: Any) -> type | None:
        """Return who makes a parameter of type *wanted*, by its nearest base."""
        bare = strip(wanted)
        bases = bare.__mro__ if isinstance(bare, type) else ()
        return next((self.resolvers[base] for base in bases if base in self.resolvers), None)


class UnboundParameterError(Exception):
    """Nothing says where a parameter should come from."""

    def __init__(self, name: str, annotation: object) -> None:
        """Name the parameter and its *annotation*."""
        super().__init__(f"parameter '{name}' ({_text(annotation)}) cannot be bound")
        self.name = name
        self.annotation = annotation


_SOURCES: dict[type, Source] = {
    markers.PathVar: Source.PATH,
    markers.QueryParam: Source.QUERY,
    markers.Header: Source.HEADER,
    markers.Cookie: Source.COOKIE,
    markers.Body: Source.BODY,
    markers.Form: Source.FORM,
    markers.File: Source.FILE,
}
_CONTEXT = ("pyfly.security.context", "SecurityContext")
_NAMED = {
    ("starlette.requests", "Request"): Source.REQUEST,
    _CONTEXT: Source.SECURITY,
    ("starlette.background", "BackgroundTasks"): Source.TASKS,
    ("pyfly.web.background.tasks", "BackgroundTasks"): Source.TASKS,
    ("pyfly.web.forms.uploads", "UploadedFile"): Source.FILE,
    ("pyfly.data.pageable", "Pageable"): Source.PAGE,
    ("pyfly.data.pageable", "Scroll"): Source.PAGE,
    ("pyfly.data.pageable", "Sort"): Source.PAGE,
}
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def read_parameters(
    handler: Callable[..., Any],
    method: str,
    path_names: Collection[str],
    known: Known,
    *,
    hints: Mapping[str, Any] | None = None,
    bound: bool = False,
) -> tuple[Parameter, ...]:
    """Return the parameters of *handler*, in the order of its signature.

    Args:
        handler: A method, or a function.
        method: The HTTP method.
        path_names: The variables of the path.
        known: What there is besides the request.
        hints: The annotations of *handler*, if they have been read already.
        bound: Whether it is called without ``self``.

    Raises:
        UnboundParameterError: A parameter has no marker and none of the rules for plain parameters fits.
    """
    if hints is None:
        hints = get_type_hints(handler, include_extras=True)
    found = list(inspect.signature(handler).parameters.values())[0 if bound else 1 :]
    return tuple(
        _parameter(item, hints.get(item.name, inspect.Parameter.empty), method, path_names, known)
        for item in found
        if item.kind not in (item.VAR_POSITIONAL, item.VAR_KEYWORD)
    )


def _parameter(
    item: inspect.Parameter,
    annotation: Any,
    method: str,
    path_names: Collection[str],
    known: Known,
) -> Parameter:
    marker, wanted, wire = split_marker(annotation)
    default = MISSING if item.default is item.empty else item.default
    if is_open(wanted):
        raise UnboundParameterError(item.name, annotation)
    if marker is None:
        source = _plain_source(item.name, wanted, method, path_names, known)
        if source is None:
            if default is MISSING:
                raise UnboundParameterError(item.name, annotation)
            source = Source.QUERY
    else:
        source = _SOURCES[marker]
    if default is MISSING and source is not Source.PATH and is_optional(wanted):
        default = None
    if source is Source.PATH:
        default = MISSING
    if source is Source.BEAN:
        wanted = strip(wanted)
    name = wire or (item.name.replace("_", "-") if source is Source.HEADER else item.name)
    resolver = known.resolver_of(wanted) if source is Source.RESOLVED else None
    return Parameter(item.name, name, source, wanted, default, item.kind is item.KEYWORD_ONLY, resolver)


def split_marker(annotation: Any) -> tuple[type | None, Any, str]:
    """Return the marker class of *annotation*, the type without it, and the wire name that it gives."""
    if isinstance(annotation, type) and issubclass(annotation, markers.Marker):
        return (markers.Body if annotation is markers.Valid else annotation), str, ""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(origin, type) and issubclass(origin, markers.Marker):
        inner, wanted, wire = split_marker(arguments[0])
        if origin is markers.Valid:
            return inner or markers.Body, wanted, wire
        return origin, wanted, wire
    if origin is Annotated:
        return _split_annotated(arguments)
    if origin in (Union, types.UnionType):
        return _split_union(annotation, arguments)
    return None, annotation, ""


def _split_annotated(arguments: tuple[Any, ...]) -> tuple[type | None, Any, str]:
    marker, wanted, wire = split_marker(arguments[0])
    rest = []
    for item in arguments[1:]:
        if isinstance(item, markers.Marker):
            marker, wire = type(item), item.name
        elif isinstance(item, type) and issubclass(item, markers.Marker):
            marker = item
        else:
            rest.append(item)
    if marker is markers.Valid:
        marker = markers.Body
    return marker, Annotated[(wanted, *rest)] if rest else wanted, wire


def _split_union(annotation: Any, arguments: tuple[Any, ...]) -> tuple[type | None, Any, str]:
    parts = [split_marker(item) for item in arguments]
    marked = next((part for part in parts if part[0] is not None), None)
    if marked is None:
        return None, annotation, ""
    return marked[0], Union[tuple(part[1] for part in parts)], marked[2]  # noqa: UP007  # built at run time


def is_optional(annotation: Any) -> bool:
    """Say whether ``None`` is among the values of *annotation*."""
    if get_origin(annotation) is Annotated:
        return is_optional(get_args(annotation)[0])
    return get_origin(annotation) in (Union, types.UnionType) and types.NoneType in get_args(annotation)


def _plain_source(
    name: str, wanted: Any, method: str, path_names: Collection[str], known: Known
) -> Source | None:
    if name in path_names:
        return Source.PATH
    if wanted is inspect.Parameter.empty:
        return None
    return _made_source(wanted, known) or _read_source(wanted, method)


def _made_source(wanted: Any, known: Known) -> Source | None:
    if known.resolver_of(wanted) is not None:
        return Source.RESOLVED
    named = _named_source(wanted)
    if named is not None:
        return named
    bare = strip(wanted)
    is_bean = not is_scalar(bare) and isinstance(bare, type) and known.is_bean(bare)
    return Source.BEAN if is_bean else None


def _named_source(wanted: Any) -> Source | None:
    bare = element(wanted)
    name = known_by_name(bare, _NAMED)
    found = _NAMED.get(name)
    if found is Source.FILE:
        return found
    # Several of the others make no sense, and nobody can make a class that inherits a page or a context.
    exact = found in (Source.PAGE, Source.SECURITY)
    if bare is not strip(wanted) or (exact and name != (bare.__module__, bare.__name__)):
        return None
    return found


def _read_source(wanted: Any, method: str) -> Source | None:
    if known_by_name(element(wanted), (_CONTEXT,))[0]:
        return None  # who they are is nothing for clients to say
    if is_model(wanted) and method in _WITH_BODY:
        return Source.BODY
    return Source.QUERY if is_scalar(wanted) or is_model(wanted) else None


def _text(annotation: object) -> str:
    if annotation is inspect.Parameter.empty:
        return "no annotation"
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)
