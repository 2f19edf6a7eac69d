"""From a mapped method to the plan of its route, or to the reason why it cannot be one."""

from collections.abc import Mapping as Annotations
from typing import Any, get_type_hints

from pyfly.container.metadata import record_of
from pyfly.web.binding.binders import template_names
from pyfly.web.binding.exposure import FIX, exposed, why
from pyfly.web.binding.generics import is_open, substituted, variables_of
from pyfly.web.binding.parameters import Known, Parameter, Source, UnboundParameterError, read_parameters
from pyfly.web.binding.plan import RoutePlan, adapters_of, foreign_bodies
from pyfly.web.binding.returns import return_of
from pyfly.web.binding.shapes import is_entity
from pyfly.web.mappings import ControllerRecord, Mapping
from pyfly.web.ports.messages import HttpMessageConverter
from pyfly.web.routing.templates import TemplateError, join, parse_template
from pyfly.web.type_adapters import UnusableTypeError

_IN_BODY = frozenset({Source.BODY, Source.FORM, Source.FILE})


class RouteError(Exception):
    """A mapping that cannot be a route, and what to do about it."""

    def __init__(self, reason: str, fix: str) -> None:
        """Say why, and what to do."""
        super().__init__(reason)
        self.fix = fix


def plan_of(cls: type, name: str, said: Mapping, known: Known, *, views: bool = False) -> RoutePlan:
    """Return the plan of the method *name* of the controller *cls*.

    Args:
        cls: The class.
        name: The name of the method.
        said: What its mapping says.
        known: What there is besides the request.
        views: Whether its results are views.

    Raises:
        RouteError: It cannot be a route.
        UnusableTypeError: pydantic does not know the type of a parameter or of the result.
    """
    handler: Any = getattr(cls, name)
    home, member = _home_of(cls, name)
    hints = _hints_of(handler, cls, home)
    path = join(_prefix_of(cls), said.path)
    bound = isinstance(member, staticmethod | classmethod)
    parameters = _parameters_of(handler, said.method, _variables_of(path), known, hints=hints, bound=bound)
    view = None
    if views:
        from pyfly.web.views.returns import view_of  # only for applications with templates

        view, declared = view_of(handler, hints)
        hints = {**hints, "return": declared}
    converted = known.is_bean(HttpMessageConverter)
    try:
        returned = return_of(handler, said.produces, hints, converted=converted, camel=known.camel)
    except UnusableTypeError as error:
        raise _unusable(hints.get("return"), error) from error
    foreign = foreign_bodies(parameters) if converted else frozenset()
    if returned.foreign:
        foreign |= {"return"}
    if returned.stream is not None and any(item.source is Source.FILE for item in parameters):
        raise RouteError(
            "it streams its answer, and uploaded files are gone once an answer has begun",
            "Save the files in one route and stream from another.",
        )
    return RoutePlan(
        said.method, path, said.status_code, cls, name, handler, parameters,
        returned.annotation, returned.entity, adapters_of(parameters, foreign - {"return"}), returned.adapter, returned.stream,
        said.produces, said.consumes, view, foreign,
    )  # fmt: skip


def _unusable(annotation: Any, error: UnusableTypeError) -> Exception:
    """Return *error*, or what is behind it: pydantic knows no entities."""
    found = exposed(annotation)
    return RouteError(why(found), FIX) if found else error


def _home_of(cls: type, name: str) -> tuple[type, Any]:
    return next((base, vars(base)[name]) for base in cls.__mro__ if name in vars(base))


def _hints_of(handler: Any, cls: type, home: type) -> dict[str, Any]:
    """Return the annotations of *handler*, with the types that *cls* gives to the variables of *home*."""
    hints = get_type_hints(handler, include_extras=True)
    variables = variables_of(cls, home)
    found = {key: substituted(hint, variables) for key, hint in hints.items()}
    if is_open(found.get("return")):
        raise RouteError(
            f"the type {found['return']} of its result is open",
            f"Say what it is: class {cls.__name__}({home.__name__}[SomeType]).",
        )
    return found


def _variables_of(path: str) -> list[str]:
    try:
        parse_template(path)
    except TemplateError as error:
        fix = "Write templates like /orders/{order_id} or /orders/{order_id:int}."
        raise RouteError(str(error), fix) from error
    return template_names(path)


def _parameters_of(
    handler: Any, method: str, names: list[str], known: Known, *, hints: Annotations[str, Any], bound: bool
) -> tuple[Parameter, ...]:
    try:
        parameters = read_parameters(handler, method, names, known, hints=hints, bound=bound)
    except UnboundParameterError as error:
        raise RouteError(str(error), _fix_of(error)) from error
    for item in parameters:
        if item.source is Source.PATH and item.wire not in names:
            fix = f"Add {{{item.wire}}} to the path, or mark the parameter as a QueryParam."
            raise RouteError(f"'{item.wire}' is not a variable of the path", fix)
        if item.source in _IN_BODY and is_entity(item.type):
            fix = "Take a model of the fields that clients may set, and copy them."
            raise RouteError(f"clients could set every column of the entity that '{item.name}' is", fix)
    _check_bodies(parameters, method)
    return parameters


def _fix_of(error: UnboundParameterError) -> str:
    if is_open(error.annotation):
        return "Give the type variables of the generic base class their types: class Pets(Crud[Pet])."
    return (
        f"Mark '{error.name}' with PathVar, QueryParam, Header, Cookie, Body or Form, "
        "or register a bean of its type."
    )


def _check_bodies(parameters: tuple[Parameter, ...], method: str) -> None:
    bodies = [item.name for item in parameters if item.source is Source.BODY]
    if len(bodies) > 1:
        both = " and ".join(bodies)
        raise RouteError(f"there is one body, but {both} both ask for it", "Put them into one model.")
    forms = [item.name for item in parameters if item.source in (Source.FORM, Source.FILE)]
    if forms and method == "GET":
        raise RouteError(
            f"a GET request brings no form, but '{forms[0]}' is a part of one",
            f"Mark '{forms[0]}' with QueryParam: that is where browsers put the fields of such a form.",
        )
    if bodies and forms:
        raise RouteError(
            f"there is one body, but '{bodies[0]}' wants it whole and '{forms[0]}' wants it as a form",
            f"Mark '{bodies[0]}' with Form.",
        )


def _prefix_of(cls: type) -> str:
    found = next((said for base in cls.__mro__ if (said := record_of(base, ControllerRecord))), None)
    return found.path if found else ""
