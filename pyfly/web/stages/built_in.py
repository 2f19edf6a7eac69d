"""What runs around every request, outermost first. Read from here to see the order; nothing else decides it."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final, NamedTuple

from pyfly.container.ordering import HIGHEST_PRECEDENCE as FIRST
from pyfly.web.ports.filter import WebFilter
from pyfly.web.ports.stages import RequestObserver, Stage
from pyfly.web.stages.parts import Parts, StageSource


class BuiltIn(NamedTuple):
    """A stage that comes with the framework; its module is imported only if it is wanted.

    Attributes:
        order: Its place.
        wanted: Whether an application has it.
        make: The function that makes it of the parts of an application, ``module:name``.
    """

    order: int
    wanted: Callable[[Parts], bool]
    make: str


def on(key: str, *, default: bool) -> Callable[[Parts], bool]:
    """Want a stage if the switch ``pyfly.web.<key>`` is on, or ``create_app`` was told about it by that name."""
    given, _, _ = key.partition(".")

    def wanted(parts: Parts) -> bool:
        if given.replace("-", "_") in parts.given:
            return True
        value = parts.config.get(f"pyfly.web.{key}", default)
        return value if isinstance(value, bool) else parts.config.get(f"pyfly.web.{key}", type=bool) is True

    return wanted


def beans(kind: type) -> Callable[[Parts], bool]:
    """Want a stage if there is a bean of the type *kind*."""
    return lambda parts: bool(parts.container.definitions_of(kind))


BUILT_IN: Final = (
    BuiltIn(
        FIRST + 10, lambda parts: bool(parts.properties.trusted_proxies), "pyfly.web.stages.proxies:stage"
    ),
    BuiltIn(FIRST + 20, on("limits.enabled", default=True), "pyfly.web.stages.limits:stage"),
    BuiltIn(FIRST + 30, lambda parts: bool(parts.properties.trusted_hosts), "pyfly.web.stages.hosts:stage"),
    BuiltIn(FIRST + 40, on("csrf.enabled", default=True), "pyfly.web.csrf.policy:stage"),
    BuiltIn(FIRST + 50, on("cors.enabled", default=False), "pyfly.web.cors.policy:stage"),
    # FIRST + 100: the request id, and error translation directly inside it: see pyfly.web.routing.dispatch.
    BuiltIn(FIRST + 200, on("access-log.enabled", default=True), "pyfly.web.stages.access_log:stage"),
    BuiltIn(FIRST + 210, beans(RequestObserver), "pyfly.web.stages.observers:stage"),
    BuiltIn(
        FIRST + 300, on("security-headers.enabled", default=True), "pyfly.web.security_headers.writing:stage"
    ),
    BuiltIn(FIRST + 350, lambda parts: "middleware" in parts.given, "pyfly.web.stages.middleware:stage"),
    BuiltIn(FIRST + 400, on("compression.enabled", default=False), "pyfly.web.compression.stage:stage"),
    BuiltIn(FIRST + 450, on("etag.enabled", default=False), "pyfly.web.conditional.stage:stage"),
    BuiltIn(0, beans(WebFilter), "pyfly.web.routing.filtering:stage"),
)


def stages_of(parts: Parts) -> list[Stage]:
    """Return the stages of an application, outermost first: the wanted ones above and those of its beans."""
    made = [_load(item.make)(parts, item.order) for item in BUILT_IN if item.wanted(parts)]
    return sorted([*made, *_contributed(parts)], key=lambda stage: stage.order)


def _contributed(parts: Parts) -> Iterator[Stage]:
    for definition in parts.container.definitions_of(StageSource):
        yield from parts.container.get(definition).stages(parts)


def _load(place: str) -> Callable[..., Stage]:
    module, _, name = place.partition(":")
    found: Callable[..., Stage] = getattr(import_module(module), name)
    return found
