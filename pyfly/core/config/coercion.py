"""Converts texts and scalars to the types of fields, saying what was expected when it cannot."""

import types
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pyfly.core.config.keys import canonical_segment
from pyfly.core.config.secret import Secret
from pyfly.core.config.units import DURATION_EXPECTED, SIZE_EXPECTED, DataSize, parse_duration

T = TypeVar("T")
_TRUE: Final = frozenset({"true", "yes", "on", "1", "y", "t"})
_FALSE: Final = frozenset({"false", "no", "off", "0", "n", "f"})
_BOOLEAN: Final = "true or false (also yes/no, on/off, 1/0)"


def parse_bool(value: object) -> bool:
    """Return *value* as a truth value: ``true/yes/on/1`` or ``false/no/off/0`` in any case.

    Raises:
        ValueError: It is neither.
    """
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(_BOOLEAN)


def coerce(value: object, wanted: type[T]) -> T:
    """Return *value* converted to *wanted*; lists, sections and other types go through pydantic.

    Raises:
        ValueError: It cannot be converted; the text says what was expected.
    """
    target: Any = wanted
    if get_origin(target) is Annotated:
        target = get_args(target)[0]
    result: Any
    if target is Any or target is object:
        result = value
    elif (converter := _converter(target)) is not None:
        result = converter(value)
    else:
        result = _through_pydantic(value, target)
    return result  # type: ignore[no-any-return]


def is_scalar(wanted: Any) -> bool:
    """Return whether values of *wanted* are converted here, without pydantic."""
    return wanted is Any or wanted is object or _converter(wanted) is not None


def expected(wanted: Any) -> str:
    """Return what *wanted* expects, in words."""
    if get_origin(wanted) is Annotated:
        return expected(get_args(wanted)[0])
    if wanted in _EXPECTED:
        return _EXPECTED[wanted]
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return "one of " + ", ".join(str(member.value) for member in wanted)
    if get_origin(wanted) is Literal:
        return "one of " + ", ".join(map(str, get_args(wanted)))
    if get_origin(wanted) in (Union, types.UnionType):
        return " or ".join(expected(option) for option in get_args(wanted) if option is not type(None))
    return type_text(wanted)


def type_text(wanted: Any) -> str:
    """Return *wanted* as a person would write it in an annotation."""
    if get_origin(wanted) is Annotated:
        return type_text(get_args(wanted)[0])
    if wanted is type(None):
        return "None"
    if get_origin(wanted) in (Union, types.UnionType):
        return " | ".join(type_text(option) for option in get_args(wanted))
    if get_origin(wanted) is Literal:
        return " | ".join(repr(option) for option in get_args(wanted))
    if get_origin(wanted) is not None:
        inner = ", ".join("..." if a is Ellipsis else type_text(a) for a in get_args(wanted))
        return f"{get_origin(wanted).__name__}[{inner}]"
    return getattr(wanted, "__name__", str(wanted))


def _to_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise ValueError("text")  # noqa: TRY004 - one kind of error for every conversion
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat is not None else str(value)


def _to_int(value: object) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError("a whole number")
    try:
        return int(value) if isinstance(value, int | float) else int(str(value).strip())
    except (ValueError, OverflowError):
        raise ValueError("a whole number") from None


def _to_float(value: object) -> float:
    if isinstance(value, bool):
        raise ValueError("a number")  # noqa: TRY004 - one kind of error for every conversion
    try:
        return float(value) if isinstance(value, int | float) else float(str(value).strip())
    except (ValueError, OverflowError):
        raise ValueError("a number") from None


def _to_size(value: object) -> DataSize:
    return value if isinstance(value, DataSize) else DataSize(value)  # type: ignore[arg-type]


def _to_path(value: object) -> Path:
    return value if isinstance(value, Path) else Path(_to_text(value)).expanduser()


def _to_secret(value: object) -> Secret:
    return value if isinstance(value, Secret) else Secret(_to_text(value))


def _to_none(value: object) -> None:
    if value not in (None, ""):
        raise ValueError("nothing")


_CONVERTERS: Final[dict[Any, Callable[[object], object]]] = {
    str: _to_text,
    int: _to_int,
    float: _to_float,
    bool: parse_bool,
    timedelta: parse_duration,
    DataSize: _to_size,
    Path: _to_path,
    Secret: _to_secret,
    type(None): _to_none,
}
_EXPECTED: Final[dict[Any, str]] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: _BOOLEAN,
    timedelta: DURATION_EXPECTED,
    DataSize: SIZE_EXPECTED,
    Path: "a path",
    Secret: "text",
}


def _converter(wanted: Any) -> Callable[[object], object] | None:
    try:
        known = _CONVERTERS.get(wanted)
    except TypeError:
        return None
    if known is not None:
        return known
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return lambda value: _to_enum(value, wanted)
    if get_origin(wanted) is Literal:
        return lambda value: _to_literal(value, get_args(wanted), wanted)
    if get_origin(wanted) in (Union, types.UnionType):
        return _union_converter(wanted)
    return None


def _union_converter(wanted: Any) -> Callable[[object], object] | None:
    options = sorted(get_args(wanted), key=lambda option: option is str)
    converters = [_converter(option) for option in options]
    known = [converter for converter in converters if converter is not None]
    if len(known) < len(options):
        return None

    def convert(value: object) -> object:
        if type(value) in options:
            return value
        for converter in known:
            try:
                return converter(value)
            except ValueError:
                continue
        raise ValueError(expected(wanted))

    return convert


def _to_enum(value: object, wanted: type[Enum]) -> Enum:
    if isinstance(value, wanted):
        return value
    text = canonical_segment(_to_text(value).strip())
    for member in wanted:
        if member.value == value or text in (
            canonical_segment(str(member.value)),
            canonical_segment(member.name),
        ):
            return member
    raise ValueError(expected(wanted))


def _to_literal(value: object, options: tuple[object, ...], wanted: Any) -> object:
    if value in options:
        return value
    text = canonical_segment(_to_text(value).strip())
    for option in options:
        if canonical_segment(_to_text(option)) == text:
            return option
    raise ValueError(expected(wanted))


def _through_pydantic(value: object, wanted: Any) -> object:
    from pydantic import TypeAdapter  # a heavy import that scalars do not need
    from pydantic.errors import PydanticSchemaGenerationError

    try:
        return TypeAdapter(wanted).validate_python(value)
    except PydanticSchemaGenerationError:
        raise ValueError(f"a type that configuration can hold; {type_text(wanted)} is none") from None
    except ValueError as failure:
        details = getattr(failure, "errors", None)
        reason = details(include_url=False)[0]["msg"] if details is not None else str(failure)
        raise ValueError(f"{expected(wanted)} ({reason})") from None
