"""Places in written filters and pipelines, and the arguments that are put there: only ever values, never operators."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from pyfly.data.derivation.signatures import Arguments, SignatureError
from pyfly.data.document.mongodb.model import DocumentModel
from pyfly.data.exceptions import UnfitValueError

_PLACE: Final = re.compile(r":([a-zA-Z_]\w*)")


class Binding:
    """Puts the arguments of a call into their places."""

    def __init__(self, arguments: Arguments, hints: dict[str, Any], model: DocumentModel[Any]) -> None:
        """Fill the places that *arguments* name with values of the types in *hints*."""
        self._names = arguments.names
        self._readers = {name: TypeAdapter(hints.get(name, Any)) for name in arguments.names}
        self._model = model

    def check(self, statement: Any) -> None:
        """Check that every place has a parameter, and every parameter a place."""
        used = set(_places(statement))
        if unknown := sorted(used - set(self._names)):
            raise SignatureError(f"its query names :{unknown[0]}, which is no parameter")
        if unused := sorted(set(self._names) - used):
            raise SignatureError(f"its query does not use the parameter '{unused[0]}'")

    def bound(self, statement: Any, values: Sequence[Any]) -> Any:
        """Return *statement* with *values* in it."""
        given = {name: self._value(name, v) for name, v in zip(self._names, values, strict=True)}
        return _filled(statement, given, is_condition=isinstance(statement, Mapping))

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, Mapping | re.Pattern):
            raise _misfit(name)
        try:
            return self._model.stored(self._readers[name].validate_python(value))
        except ValidationError:
            raise _misfit(name) from None


def _places(statement: Any) -> list[str]:
    if isinstance(statement, Mapping):
        return [name for value in statement.values() for name in _places(value)]
    if isinstance(statement, list | tuple):
        return [name for value in statement for name in _places(value)]
    place = _place(statement)
    return [] if place is None else [place]


def _place(value: Any) -> str | None:
    found = _PLACE.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def _filled(statement: Any, given: Mapping[str, Any], *, is_condition: bool) -> Any:
    if isinstance(statement, Mapping):
        return {
            key: _filled_value(key, value, given, is_condition=is_condition)
            for key, value in statement.items()
        }
    if isinstance(statement, list | tuple):
        return [_filled(each, given, is_condition=is_condition) for each in statement]
    place = _place(statement)
    return statement if place is None else given[place]


def _filled_value(key: str, value: Any, given: Mapping[str, Any], *, is_condition: bool) -> Any:
    filled = _filled(value, given, is_condition=is_condition)
    # A bare value behind a property means "equals", whatever the value is.
    is_bare = is_condition and not key.startswith("$") and _place(value) is not None
    return {"$eq": filled} if is_bare else filled


def _misfit(name: str) -> UnfitValueError:
    return UnfitValueError(f"The value of '{name}' is not valid", "INVALID_VALUE", {"property": name})
