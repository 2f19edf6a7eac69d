"""Writing results as JSON: what a return annotation promises, and what to do when it is not kept."""

from collections.abc import Callable
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic_core import PydanticSerializationError, ValidationError
from typing_extensions import is_typeddict

from pyfly.web.binding.results import JSON, Serializer, answer, is_asgi_response
from pyfly.web.binding.shapes import is_record, strip
from pyfly.web.responses import Reply, ResponseEntity, Scope
from pyfly.web.type_adapters import Adapter
from pyfly.web.wire import may_be_no_json, require_json


class UnexpectedResultError(Exception):
    """A handler returned something that its return annotation does not describe."""

    def __init__(self, result: object, error: ValidationError) -> None:
        """Name the type that was returned, and why it does not fit."""
        reasons = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        super().__init__(f"a handler returned {type(result).__name__}, which is no {error.title}: {reasons}")


Test = Callable[[Any], bool]


def fits_of(annotation: Any) -> Test | None:
    """Return the test whether a value may be serialised as *annotation* without a closer look.

    pydantic writes any object with a ``__dict__`` as if it were the model, silently leaving out what is not
    there. So models are tested, and whatever has models in it; for everything else there is ``None``.
    """
    bare = strip(annotation)
    origin, arguments = get_origin(bare), get_args(bare)
    if _is_object(origin or bare):
        return _instances_of(origin or bare)
    if origin in (Union, UnionType):
        return _alternatives_of([fits_of(each) for each in arguments])
    if origin is dict:
        inside = fits_of(arguments[1])
        return inside and _sound(lambda value: all(map(inside, value.values())))
    if origin is tuple and arguments[-1:] != (Ellipsis,):
        return _positions_of([fits_of(each) for each in arguments])
    if origin in (list, tuple, set, frozenset):
        return _collections_of(arguments[0])
    return None


def _is_object(cls: Any) -> bool:
    return is_record(cls) and not is_typeddict(cls)


def _instances_of(cls: type) -> Test:
    return lambda value: isinstance(value, cls)


def _collections_of(item: Any) -> Test | None:
    cls, inside = strip(item), fits_of(item)
    if _is_object(cls):
        return _sound(lambda value: all(issubclass(found, cls) for found in set(map(type, value))))
    return inside and _sound(lambda value: all(map(inside, value)))


def _positions_of(tests: list[Test | None]) -> Test | None:
    if not any(tests):
        return None
    return _sound(
        lambda value: all(test is None or test(each) for test, each in zip(tests, tuple(value), strict=False))
    )


def _alternatives_of(tests: list[Test | None]) -> Test | None:
    """Return a test that some alternative passes, if all of them are models; others are not told apart here."""
    known = [test for test in tests if test is not None]
    return (lambda value: any(test(value) for test in known)) if len(known) == len(tests) else None


def _sound(test: Test) -> Test:
    """Return *test*, which nothing passes that cannot be taken apart at all."""

    def sound(value: Any) -> bool:
        try:
            return test(value)
        except (TypeError, AttributeError):
            return False

    return sound


def unforeseen(
    annotation: Any, adapter: Adapter, status: int, content_type: tuple[bytes, bytes] = JSON
) -> Callable[[Any, Scope], Reply]:
    """Return the function that answers with what is not of the adapter's type.

    Responses and entities speak for themselves; anything else is accepted if it can be validated as the
    declared type (a dictionary, or an object with the right attributes): what is not declared never gets out.
    """

    def reply(result: Any, scope: Scope) -> Reply:
        if isinstance(result, ResponseEntity) or is_asgi_response(result):
            return answer(result, status, dump, content_type, scope)
        return answer(_coerced(adapter, result), status, dump, content_type)

    dump = serializer_of(annotation, adapter)
    return reply


def serializer_of(annotation: Any, adapter: Adapter) -> Serializer:
    """Return the function that writes values as JSON, those of another type after validating them."""
    write, fits = adapter.serializer.to_json, fits_of(annotation)

    def dump(value: Any) -> bytes:
        if fits is not None and not fits(value):
            value = _coerced(adapter, value)
        try:
            return write(value, by_alias=True, warnings="error")
        except PydanticSerializationError:
            return write(_coerced(adapter, value), by_alias=True)

    return (lambda value: require_json(dump(value))) if may_be_no_json(adapter) else dump


def _coerced(adapter: Adapter, value: Any) -> Any:
    try:
        return adapter.validator.validate_python(value, from_attributes=True)
    except ValidationError as error:
        raise UnexpectedResultError(value, error) from None
