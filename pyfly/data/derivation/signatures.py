"""What the signature of a query method says: the form of the answer and how arguments are passed."""

import inspect
import types
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Sequence,
)
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pyfly.container.interception import MethodKind, method_kind
from pyfly.data.derivation.projections import projection_of
from pyfly.data.derivation.shapes import SHAPE_OF_PREFIX, Projection, Shape
from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll, Sort
from pyfly.data.query_parser import ParsedQuery

_LISTS = (list, Sequence, Iterable, Collection)
_STREAMS = (AsyncIterator, AsyncIterable, AsyncGenerator)
_PARTS = {Page: Shape.PAGE, Slice: Shape.SLICE, Cursor: Shape.CURSOR}
_NOTHING = (None, type(None))
_WINDOW_OF = {Shape.PAGE: Pageable, Shape.SLICE: Pageable, Shape.CURSOR: Scroll}
_ANSWERS = "list[T], T, T | None, Page[T], Slice[T], Cursor[T] or AsyncIterator[T]"


class SignatureError(Exception):
    """A signature does not fit its method's name; the message says why."""


class Arguments(NamedTuple):
    """How a call's arguments become the values of a query and its page or order."""

    signature: inspect.Signature
    names: tuple[str, ...]
    window: str | None

    def split(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Sequence[Any], Any]:
        """Return the values in the order of the parameters, and the ``Pageable``, ``Scroll`` or ``Sort``."""
        if self.window is None and not kwargs and len(args) == len(self.names):
            return args, None
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        return [given[name] for name in self.names], given[self.window] if self.window else None


class Promise(NamedTuple):
    """What a method promises: the form of its answer, the type of a row and how it is called."""

    shape: Shape
    item: Any
    arguments: Arguments
    hints: dict[str, Any]

    def projection(self, entity: type) -> Projection | None:
        """Return how rows are answered that are no entities.

        Raises:
            SignatureError: A row is promised that *entity* cannot be turned into.
        """
        item = self.item
        if (
            item is Any
            or not isinstance(item, type)
            or getattr(item, "_is_protocol", False)
            or issubclass(entity, item)
        ):
            return None
        found = projection_of(item)
        if found is None:
            raise SignatureError(
                f"it answers {item.__name__}, which is neither {entity.__name__} nor a class of its fields"
            )
        return found


def read_signature(function: Callable[..., Any], parsed: ParsedQuery) -> Promise:
    """Return what *function* promises, checked against its own name.

    Raises:
        SignatureError: Name and signature contradict each other.
    """
    hints, arguments = read_parameters(function)
    _check_count(parsed, arguments.names)
    shape, item = _shape(parsed, hints.get("return", inspect.Parameter.empty))
    _check_kind(function, shape)
    check_window(shape, hints.get(arguments.window or ""))
    return Promise(shape, item, arguments, hints)


def read_parameters(function: Callable[..., Any]) -> tuple[dict[str, Any], Arguments]:
    """Return the type hints of *function* and how its arguments are passed.

    Raises:
        SignatureError: They cannot be read, or cannot be those of a query.
    """
    hints = _hints(function)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        raise SignatureError("it takes *args or **kwargs")
    windows = [p.name for p in parameters if window_of(hints.get(p.name)) is not None]
    if len(windows) > 1:
        raise SignatureError("it takes more than one Pageable, Scroll or Sort")
    names = tuple(p.name for p in parameters if p.name not in windows)
    return hints, Arguments(inspect.Signature(parameters), names, windows[0] if windows else None)


def answered(answer: Any) -> tuple[Shape, Any]:
    """Return the form and the type of a row that the return annotation *answer* promises.

    Raises:
        SignatureError: No query can answer so.
    """
    origin = get_origin(answer) or answer
    arguments = get_args(answer)
    item = arguments[0] if arguments else None
    if origin in _LISTS:
        return Shape.LIST, item
    if origin in _STREAMS:
        return Shape.STREAM, item
    if origin in _PARTS:
        return _PARTS[origin], item
    if origin in (Union, types.UnionType):
        others = [argument for argument in arguments if argument not in _NOTHING]
        if len(others) == 1 and len(arguments) == 2:
            return Shape.OPTIONAL, others[0]
    elif answer not in _NOTHING:
        return Shape.ONE, answer
    raise SignatureError(f"it cannot answer {named(answer)}: use {_ANSWERS}")


def check_window(shape: Shape, hint: Any) -> None:
    """Check that a method which answers in *shape* takes the page or order that it needs.

    Raises:
        SignatureError: It does not, or takes another one.
    """
    window, needed = window_of(hint), _WINDOW_OF.get(shape)
    if needed is not None and window is not needed:
        raise SignatureError(f"it answers part by part, so it needs a parameter of type {needed.__name__}")
    if window is Pageable and needed is None:
        raise SignatureError("it takes a Pageable, so it must answer Page[T] or Slice[T]")
    if window is Scroll and needed is None:
        raise SignatureError("it takes a Scroll, so it must answer Cursor[T]")
    if window is Sort and shape not in (Shape.LIST, Shape.STREAM):
        raise SignatureError("it takes a Sort, so it must answer a list or a stream")


def window_of(hint: Any) -> type | None:
    """Return which of ``Pageable``, ``Scroll`` and ``Sort`` *hint* is, if any."""
    kinds = [kind for kind in (Pageable, Scroll, Sort) if kind is hint or kind in get_args(hint)]
    return kinds[0] if kinds else None


def named(hint: Any) -> str:
    """Return how *hint* is written in messages."""
    return "None" if hint in _NOTHING else getattr(hint, "__name__", None) or str(hint)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except (NameError, TypeError) as failure:
        raise SignatureError(f"its annotations cannot be read: {failure}") from failure


def _check_kind(function: Callable[..., Any], shape: Shape) -> None:
    kind = method_kind(function)
    if shape is Shape.STREAM:
        if kind is not MethodKind.SYNC:
            raise SignatureError("it answers a stream, so write 'def' instead of 'async def'")
    elif kind is not MethodKind.ASYNC:
        raise SignatureError("it is not async")


def _check_count(parsed: ParsedQuery, names: tuple[str, ...]) -> None:
    wanted = sum(predicate.arity for predicate in parsed.predicates)
    if wanted != len(names):
        fields = ", ".join(p.field_name for p in parsed.predicates for _ in range(p.arity)) or "none"
        raise SignatureError(f"its name asks for {_counted(wanted)} ({fields}), but it takes {len(names)}")


def _counted(number: int) -> str:
    return "1 argument" if number == 1 else f"{number} arguments"


def _shape(parsed: ParsedQuery, answer: Any) -> tuple[Shape, Any]:
    shape = SHAPE_OF_PREFIX[parsed.prefix]
    if answer is inspect.Parameter.empty:
        return shape, None
    if shape is Shape.LIST:
        found, item = answered(answer)
        if found is Shape.ONE and _is_foreign(get_origin(answer) or answer):
            raise SignatureError(f"it cannot answer {named(answer)}: use {_ANSWERS}")
        return found, item
    wanted = bool if shape is Shape.EXISTS else int
    if answer is not wanted and not (shape is Shape.DELETE and answer in _NOTHING):
        raise SignatureError(f"it answers {wanted.__name__}, but is annotated with {named(answer)}")
    return shape, None


def _is_foreign(origin: Any) -> bool:
    module = getattr(origin, "__module__", "")
    return module in ("builtins", "typing", "collections.abc")
