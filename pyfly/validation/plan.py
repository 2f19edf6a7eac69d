"""From the annotations of a function to a compiled one that checks its arguments and its result."""

import functools
import inspect
from collections.abc import Callable
from types import NoneType
from typing import Annotated, Any, Final, NamedTuple, get_origin

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.resolution import hints_of
from pyfly.kernel.codegen import SourceBuilder
from pyfly.validation.constraints import Constraint, ConstraintBeans, Walk, constraints_in, walk_of
from pyfly.validation.exceptions import ErrorItem, InvalidResultException, items_of, refusal
from pyfly.validation.markers import meant

Validate = Callable[[Any], Any]
Function = Callable[..., Any]

_KINDS: Final = inspect.Parameter
_STARS: Final[dict[Any, str]] = {_KINDS.VAR_POSITIONAL: "*", _KINDS.VAR_KEYWORD: "**"}
_PASSED: Final[dict[Any, str]] = {
    _KINDS.VAR_POSITIONAL: "*{0}",
    _KINDS.VAR_KEYWORD: "**{0}",
    _KINDS.KEYWORD_ONLY: "{0}={0}",
}
_ARBITRARY: Final = ConfigDict(arbitrary_types_allowed=True)


class CheckedParameter(NamedTuple):
    """A parameter with what is done to its arguments; ``None`` where there is nothing to do."""

    parameter: inspect.Parameter
    validate: Validate | None
    walk: Walk | None


class Plan(NamedTuple):
    """All that is checked about one function."""

    function: Function
    parameters: tuple[CheckedParameter, ...]
    result: Validate | None
    constraints: frozenset[type[Constraint[Any]]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is checked."""
        return self.result is None and not any(each.validate or each.walk for each in self.parameters)


def plan_of(function: Function, *, returns: bool, skip_first: bool = True) -> Plan:
    """Return what the annotations of *function* ask for.

    Args:
        function: The function, as written.
        returns: Whether its result is checked.
        skip_first: Whether the first parameter is ``self``.

    Raises:
        PydanticUserError: A constrained annotation cannot be checked.
        UnresolvedAnnotationError: An annotation cannot be evaluated.
    """
    function = inspect.unwrap(function)
    hints = {name: meant(hint) for name, hint in hints_of(function).items()}
    parameters = [*inspect.signature(function).parameters.values()]
    checked = tuple(
        CheckedParameter(each, None, None) if skip_first and index == 0 else _checked(each, hints)
        for index, each in enumerate(parameters)
    )
    is_generator = method_kind(function) in (MethodKind.GENERATOR, MethodKind.ASYNC_GENERATOR)
    produced = hints.get("return", Any)
    wanted = returns and not is_generator and produced not in (None, NoneType, Any)
    mentioned = [constraints_in(hints[each.name]) for each in parameters if each.name in hints]
    return Plan(
        function,
        checked,
        _validator_of(produced) if wanted else None,
        frozenset().union(*mentioned),
    )


def _checked(parameter: inspect.Parameter, hints: dict[str, Any]) -> CheckedParameter:
    hint = hints.get(parameter.name, Any)
    if hint is Any:
        return CheckedParameter(parameter, None, None)
    if parameter.kind is _KINDS.VAR_POSITIONAL:
        hint = tuple[hint, ...]  # type: ignore[valid-type]  # a type made at run time
    elif parameter.kind is _KINDS.VAR_KEYWORD:
        hint = dict[str, hint]  # type: ignore[valid-type]  # a type made at run time
    return CheckedParameter(parameter, _validator_of(hint), walk_of(hint))


def _validator_of(hint: Any) -> Validate | None:
    """Return what checks values of type *hint*; types of others are recognised, or left alone."""
    if _is_opaque_protocol(hint):
        return None
    try:
        return TypeAdapter(hint).validate_python
    except PydanticSchemaGenerationError:
        pass
    try:
        return TypeAdapter(hint, config=_ARBITRARY).validate_python
    except PydanticUserError:
        if get_origin(hint) is Annotated:
            raise  # it carries constraints, so nobody expects it to be left alone
        return None


def _is_opaque_protocol(hint: Any) -> bool:
    return getattr(hint, "_is_protocol", False) and not getattr(hint, "_is_runtime_protocol", False)


def compiled(plan: Plan, proceed: Function, beans: ConstraintBeans | None) -> Function:
    """Return a function with the parameters of *plan* that checks, calls *proceed*, and checks the result."""
    source = SourceBuilder(plan.function.__name__)
    is_async = method_kind(plan.function) is MethodKind.ASYNC
    with source.block(f"{'async ' if is_async else ''}def {source.name}({_parameters(plan, source)}):"):
        checked = [each for each in plan.parameters if each.validate is not None]
        if checked:
            _write_checks(source, plan, checked)
        if beans is not None and any(each.walk for each in plan.parameters):
            _write_questions(source, plan, beans, is_async=is_async)
        call = (
            f"{'await ' if is_async else ''}{source.constant(proceed, 'pyfly_proceed')}({_arguments(plan)})"
        )
        if plan.result is None:
            source.line(f"return {call}")
        else:
            check = source.constant(_result_check(plan, plan.result), "pyfly_result")
            source.line(f"return {check}({call})")
    return functools.wraps(plan.function)(source.compile())


def validated_function(function: Function, *, returns: bool) -> Function:
    """Return *function*, which belongs to no class, with its arguments and result checked.

    Raises:
        TypeError: An annotation mentions a constraint that is a bean; there are none outside of beans.
    """
    plan = plan_of(function, returns=returns, skip_first=False)
    if plan.constraints:
        names = ", ".join(sorted(each.__name__ for each in plan.constraints))
        raise TypeError(f"{function.__qualname__} is not a method of a bean, so it cannot ask {names}")
    return compiled(plan, function, None)


def _parameters(plan: Plan, source: SourceBuilder) -> str:
    parts: list[str] = []
    previous: Any = None
    starred = False
    for parameter, _, _ in plan.parameters:
        kind = parameter.kind
        if previous is _KINDS.POSITIONAL_ONLY and kind is not previous:
            parts.append("/")
        if kind is _KINDS.KEYWORD_ONLY and not starred:
            parts.append("*")
        starred = starred or kind in (_KINDS.VAR_POSITIONAL, _KINDS.KEYWORD_ONLY)
        stars = _STARS.get(kind, "")
        has_default = parameter.default is not _KINDS.empty
        default = f"={source.constant(parameter.default, 'pyfly_default')}" if has_default else ""
        parts.append(f"{stars}{parameter.name}{default}")
        previous = kind
    if previous is _KINDS.POSITIONAL_ONLY:
        parts.append("/")
    return ", ".join(parts)


def _arguments(plan: Plan) -> str:
    return ", ".join(_PASSED.get(each.kind, "{0}").format(each.name) for each, _, _ in plan.parameters)


def _write_checks(source: SourceBuilder, plan: Plan, checked: list[CheckedParameter]) -> None:
    refused = source.constant(ValidationError, "pyfly_refused")
    collect = source.constant(_collected, "pyfly_collect")
    source.line("pyfly_errors = None")
    for parameter, validate, _ in checked:
        name = parameter.name
        header = "if True:"
        if parameter.default is not _KINDS.empty:
            header = f"if {name} is not {source.constant(parameter.default, 'pyfly_default')}:"
        with source.block(header):
            with source.block("try:"):
                source.line(f"{name} = {source.constant(validate, 'pyfly_check')}({name})")
            with source.block(f"except {refused} as pyfly_failure:"):
                source.line(f"pyfly_errors = {collect}(pyfly_errors, pyfly_failure, {name!r})")
    _write_refusal(source, plan)


def _write_questions(source: SourceBuilder, plan: Plan, beans: ConstraintBeans, *, is_async: bool) -> None:
    walks = [(each.parameter.name, each.walk) for each in plan.parameters if each.walk is not None]
    uses = ", ".join(f"*{source.constant(walk, 'pyfly_walk')}({name}, ({name!r},))" for name, walk in walks)
    ask = source.constant(beans.refused if is_async else beans.refused_now, "pyfly_ask")
    source.line(f"pyfly_errors = {'await ' if is_async else ''}{ask}([{uses}])")
    _write_refusal(source, plan)


def _write_refusal(source: SourceBuilder, plan: Plan) -> None:
    refuse = source.constant(refusal, "pyfly_refusal")
    with source.block("if pyfly_errors:"):
        source.line(f"raise {refuse}(pyfly_errors, {plan.function.__qualname__!r})")


def _collected(errors: list[ErrorItem] | None, failure: ValidationError, name: str) -> list[ErrorItem]:
    return [*(errors or ()), *items_of(failure, (name,))]


def _result_check(plan: Plan, validate: Validate) -> Validate:
    name = plan.function.__qualname__

    def check(result: Any) -> Any:
        try:
            validate(result)
        except ValidationError as error:
            items = items_of(error)
        else:
            return result
        raise InvalidResultException(name, items)

    return check
