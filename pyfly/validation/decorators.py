"""``@validate_input``, ``@validator`` and ``@validated``: what they say, and what they do without a context."""

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

from pydantic import ValidationError

from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.metadata import record
from pyfly.kernel.exceptions import ValidationException
from pyfly.kernel.nearest import nearest
from pyfly.kernel.record import Record
from pyfly.validation.exceptions import items_of, refusal
from pyfly.validation.helpers import adapter_of

F = TypeVar("F", bound=Callable[..., Any])
D = TypeVar("D", bound=Callable[..., Any] | type)

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class ValidatedRecord(Record, kw_only=True):
    """What ``@validated`` says about a method, or about every public method of a class."""

    returns: bool = True


@overload
def validated(target: D, /) -> D: ...
@overload
def validated(*, returns: bool = ...) -> Callable[[D], D]: ...
def validated(target: Any = None, /, *, returns: bool = True) -> Any:
    """Check arguments and results against the annotations, on a bean method or all public methods of a class.

    Arguments are converted and checked as pydantic does; constraints that are beans are asked too. What a
    method says wins over its class. A function outside of any class is wrapped at once.

    Args:
        target: The method, class or function, when used without arguments.
        returns: Whether the result is checked as well.
    """

    def decorate(decorated: Any) -> Any:
        if inspect.isfunction(decorated) and _is_plain(decorated):
            from pyfly.validation.plan import validated_function  # compiles: not needed to mark methods

            return validated_function(decorated, returns=returns)
        record(decorated, ValidatedRecord, returns=returns)
        return decorated

    return decorate if target is None else decorate(target)


def validate_input(model: Any, param: str) -> Callable[[F], F]:
    """Validate one argument of a sync or async function and hand it on as *model*.

    An instance of the model, and an argument that is not given, pass through.

    Args:
        model: What the argument becomes: a pydantic model or any other type that pydantic knows.
        param: The parameter, however callers pass it.

    Raises:
        TypeError: While decorating: the function has no such parameter.
    """

    def decorate(function: F) -> F:
        position, default = _find(function, param)
        validate = adapter_of(model).validate_python
        title = getattr(model, "__name__", str(model))

        def converted(value: Any) -> Any:
            if value is default or (isinstance(model, type) and _is_instance(value, model)):
                return value
            try:
                return validate(value)
            except ValidationError as error:
                items = items_of(error)
            raise refusal(items, title)

        def prepare(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
            if param in kwargs:
                kwargs[param] = converted(kwargs[param])
            elif position is not None and position < len(args):
                return (*args[:position], converted(args[position]), *args[position + 1 :])
            return args

        return _preparing(function, prepare)

    return decorate


def validator(predicate: Callable[..., Any], message: str = "Validation failed") -> Callable[[F], F]:
    """Call the function only if *predicate*, given the same arguments, says so.

    Args:
        predicate: Takes what the function takes, ``self`` included; async ones need an async function.
        message: The message of the exception otherwise.
    """

    def decorate(function: F) -> F:
        if method_kind(function) is MethodKind.ASYNC:

            @functools.wraps(function)
            async def asked(*args: Any, **kwargs: Any) -> Any:
                verdict = predicate(*args, **kwargs)
                if not (await verdict if isinstance(verdict, Awaitable) else verdict):
                    raise ValidationException(message, code="VALIDATION_ERROR")
                return await function(*args, **kwargs)

            return asked  # type: ignore[return-value]  # it takes and returns what the function does

        if method_kind(predicate) is MethodKind.ASYNC:
            raise TypeError(f"{function.__qualname__} is not async, so its validator cannot be either")

        def prepare(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
            if not predicate(*args, **kwargs):
                raise ValidationException(message, code="VALIDATION_ERROR")
            return args

        return _preparing(function, prepare)

    return decorate


def _preparing(function: F, prepare: Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, ...]]) -> F:
    if method_kind(function) is MethodKind.ASYNC:

        @functools.wraps(function)
        async def prepared(*args: Any, **kwargs: Any) -> Any:
            args = prepare(args, kwargs)
            return await function(*args, **kwargs)

        return prepared  # type: ignore[return-value]  # it takes and returns what the function does

    @functools.wraps(function)
    def prepared_sync(*args: Any, **kwargs: Any) -> Any:
        args = prepare(args, kwargs)
        return function(*args, **kwargs)

    return prepared_sync  # type: ignore[return-value]  # it takes and returns what the function does


def _find(function: Callable[..., Any], param: str) -> tuple[int | None, Any]:
    """Return the position of *param*, if it has one, and the default that passes unvalidated."""
    parameters = inspect.signature(function).parameters
    found = parameters.get(param)
    if found is None or found.kind is inspect.Parameter.VAR_POSITIONAL:
        if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()):
            return None, inspect.Parameter.empty
        guess = nearest(param, parameters)
        hint = f"; did you mean '{guess}'?" if guess else ""
        raise TypeError(f"{function.__qualname__} has no parameter '{param}' to validate{hint}")
    position = [*parameters].index(param) if found.kind in _BY_POSITION else None
    return position, found.default


def _is_instance(value: Any, model: type) -> bool:
    try:
        return isinstance(value, model) and not isinstance(value, dict)
    except TypeError:  # a TypedDict, a generic alias
        return False


def _is_plain(function: Callable[..., Any]) -> bool:
    owner, _, _ = function.__qualname__.rpartition(".")
    return not owner or owner.endswith("<locals>")
