"""``ParameterResolver``: the marked parameters of one function, read from a request of Starlette."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin, get_type_hints

from pydantic_core import ValidationError
from starlette.requests import Request

from pyfly.container.types import MISSING as _MISSING
from pyfly.kernel.exceptions import ValidationException
from pyfly.web.binding.parameters import split_marker
from pyfly.web.binding.shapes import collection_fields, is_collection, is_model, is_record, strip
from pyfly.web.binding.values import strings_reader
from pyfly.web.params import markers
from pyfly.web.type_adapters import adapter_of

_UNREAD: Final = (markers.Form, markers.File)


@dataclass
class ResolvedParam:
    """One marked parameter.

    Attributes:
        name: Its name in the signature.
        binding_type: The marker that says where it comes from.
        inner_type: What the marker holds.
        default: Its value when the request has none, or a sentinel.
        validate: Whether it is marked with ``Valid``.
        wire: Its name in the request.
    """

    name: str
    binding_type: type
    inner_type: Any
    default: Any = _MISSING
    validate: bool = False
    wire: str = ""

    def __post_init__(self) -> None:
        """Give it the name in the request that its name in the signature stands for, if it has no other."""
        self.wire = self.wire or _spelled(self.name, self.binding_type)


class ParameterResolver:
    """Reads the marked parameters of a function; the routes of controllers have compiled binders instead.

    Attributes:
        params: The parameters, in the order of the signature; ``self`` and unmarked ones are left out.
    """

    def __init__(self, handler: Callable[..., Any]) -> None:
        """Read the signature of *handler*, once."""
        hints = get_type_hints(handler, include_extras=True)
        found = (
            _resolved(item, hints[item.name])
            for item in inspect.signature(handler).parameters.values()
            if item.name in hints
        )
        self.params = [item for item in found if item is not None]
        self._readers = {item.name: _reader(item) for item in self.params}

    async def resolve(self, request: Request) -> dict[str, Any]:
        """Return the values of all parameters by name.

        Raises:
            ValidationException: A parameter marked with ``Valid`` is invalid.
            ValueError: Another one has the wrong form, or a path variable is missing.
        """
        return {item.name: await self._value(item, request) for item in self.params}

    async def _value(self, item: ResolvedParam, request: Request) -> Any:
        raw = await _body(item, request) if item.binding_type is markers.Body else _raw(item, request)
        if raw is None:
            if item.default is not _MISSING:
                return item.default
            if item.binding_type is markers.PathVar:
                raise ValueError(f"Missing path variable: {item.wire}")
            return None
        try:
            return self._readers[item.name](raw)
        except ValidationError as error:
            if not item.validate:
                raise
            raise _invalid(error) from error


def _resolved(item: inspect.Parameter, hint: Any) -> ResolvedParam | None:
    marker, wanted, wire = split_marker(hint)
    if marker is None or marker in _UNREAD:
        return None
    default = _MISSING if item.default is item.empty else item.default
    return ResolvedParam(item.name, marker, wanted, default, _is_valid(hint), wire)


def _is_valid(hint: Any) -> bool:
    origin = get_origin(hint) or hint
    if isinstance(origin, type) and issubclass(origin, markers.Valid):
        return True
    return any(item is markers.Valid or isinstance(item, markers.Valid) for item in get_args(hint)[1:])


def _spelled(name: str, marker: type) -> str:
    return name.replace("_", "-") if marker is markers.Header else name


async def _body(item: ResolvedParam, request: Request) -> bytes | None:
    """Return the body, or ``None`` if there is none and the parameter can do without."""
    return await request.body() or (b"" if item.default is _MISSING else None)


def _raw(item: ResolvedParam, request: Request) -> Any:
    if item.binding_type is markers.PathVar:
        return request.path_params.get(item.wire)
    if item.binding_type is markers.Header:
        return request.headers.get(item.wire)
    if item.binding_type is markers.Cookie:
        return request.cookies.get(item.wire)
    if is_model(item.inner_type):
        lists = collection_fields(strip(item.inner_type))
        query = request.query_params
        return {name: query.getlist(name) if name in lists else query[name] for name in query}
    if is_collection(item.inner_type):
        return request.query_params.getlist(item.wire) or None
    return request.query_params.get(item.wire)


def _reader(item: ResolvedParam) -> Callable[[Any], Any]:
    adapter = adapter_of(item.inner_type, f"parameter '{item.name}'")
    if item.binding_type is not markers.Body:
        if is_record(strip(item.inner_type)):
            return adapter.validator.validate_python
        read = strings_reader(item.inner_type, adapter)
        # A route of Starlette may have converted a path variable already.
        return lambda raw: read(raw if isinstance(raw, str | list) else str(raw))
    if item.inner_type is bytes:
        return bytes
    if item.inner_type is str:
        return lambda body: str(body, "utf-8")
    return adapter.validator.validate_json


def _invalid(error: ValidationError) -> ValidationException:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    said = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in found)
    return ValidationException(
        f"Validation failed: {said}",
        code="VALIDATION_ERROR",
        context={"errors": [dict(item) for item in found]},
    )
