"""What the signature of a derived query says: the form of the answer and how arguments are passed."""

import inspect
import types
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pyfly.data.page import Page, Slice
from pyfly.data.pageable import Pageable, Sort
from pyfly.data.query_parser import ParsedQuery
from pyfly.data.relational.sqlalchemy.query_compiler import SHAPE_OF_PREFIX, Shape

_LISTS = (list, Sequence, Iterable, Collection)
_NOTHING = (None, type(None))


class SignatureError(Exception):
    """A signature does not fit its method's name; the message says why."""


class Arguments(NamedTuple):
    """How a call's arguments become the values of a query and its page or order."""

    signature: inspect.Signature
    names: tuple[str, ...]
    window: str | None

    def split(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Sequence[Any], Any]:
        """Return the values in the order of the method's name, and the ``Pageable`` or ``Sort``."""
        if self.window is None and not kwargs and len(args) == len(self.names):
            return args, None
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        return [given[name] for name in self.names], given[self.window] if self.window else None


def read_signature(function: Callable[..., Any], parsed: ParsedQuery) -> tuple[Shape, Arguments]:
    """Return what *function* promises, checked against its own name.

    Raises:
        SignatureError: Name and signature contradict each other.
    """
    if not inspect.iscoroutinefunction(function):
        raise SignatureError("it is not async")
    hints = _hints(function)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        raise SignatureError("it takes *args or **kwargs")
    windows = [p.name for p in parameters if _window_of(hints.get(p.name)) is not None]
    names = tuple(p.name for p in parameters if p.name not in windows)
    _check_count(parsed, names)
    if len(windows) > 1:
        raise SignatureError("it takes more than one Pageable or Sort")
    window = windows[0] if windows else None
    shape = _shape(parsed, hints.get("return", inspect.Parameter.empty))
    _check_window(shape, _window_of(hints[window]) if window else None)
    return shape, Arguments(inspect.Signature(parameters), names, window)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except (NameError, TypeError) as failure:
        raise SignatureError(f"its annotations cannot be read: {failure}") from failure


def _window_of(hint: Any) -> type | None:
    kinds = [kind for kind in (Pageable, Sort) if kind is hint or kind in get_args(hint)]
    return kinds[0] if kinds else None


def _check_count(parsed: ParsedQuery, names: tuple[str, ...]) -> None:
    wanted = sum(predicate.arity for predicate in parsed.predicates)
    if wanted != len(names):
        fields = ", ".join(p.field_name for p in parsed.predicates for _ in range(p.arity)) or "none"
        raise SignatureError(f"its name asks for {_counted(wanted)} ({fields}), but it takes {len(names)}")


def _counted(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"


def _shape(parsed: ParsedQuery, answer: Any) -> Shape:
    shape = SHAPE_OF_PREFIX[parsed.prefix]
    if answer is inspect.Parameter.empty:
        return shape
    if shape is Shape.LIST:
        return _found(answer)
    wanted = bool if shape is Shape.EXISTS else int
    if answer is not wanted and not (shape is Shape.DELETE and answer in _NOTHING):
        raise SignatureError(f"it answers {wanted.__name__}, but is annotated with {_named(answer)}")
    return shape


def _found(answer: Any) -> Shape:
    origin = get_origin(answer) or answer
    if origin in _LISTS:
        return Shape.LIST
    if origin is Page:
        return Shape.PAGE
    if origin is Slice:
        return Shape.SLICE
    if origin in (Union, types.UnionType):
        others = [argument for argument in get_args(answer) if argument not in _NOTHING]
        if len(others) == 1 and len(get_args(answer)) == 2:
            return Shape.OPTIONAL
    elif answer not in _NOTHING and not _is_foreign(origin):
        return Shape.ONE
    raise SignatureError(f"it cannot answer {_named(answer)}: use list[T], T, T | None, Page[T] or Slice[T]")


def _is_foreign(origin: Any) -> bool:
    module = getattr(origin, "__module__", "")
    return module in ("builtins", "typing", "collections.abc")


def _named(hint: Any) -> str:
    return "None" if hint in _NOTHING else getattr(hint, "__name__", None) or str(hint)


def _check_window(shape: Shape, window: type | None) -> None:
    if shape in (Shape.PAGE, Shape.SLICE) and window is not Pageable:
        raise SignatureError("it answers page by page, so it needs a parameter of type Pageable")
    if window is Pageable and shape not in (Shape.PAGE, Shape.SLICE):
        raise SignatureError("it takes a Pageable, so it must answer Page[T] or Slice[T]")
    if window is Sort and shape is not Shape.LIST:
        raise SignatureError("it takes a Sort, so it must answer a list")
