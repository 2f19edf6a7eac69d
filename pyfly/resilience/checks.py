"""What is verified about policies before any bean is built: that each name means something."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.metadata import recorded_members
from pyfly.context.conditions import is_importable
from pyfly.core.config.config import Config
from pyfly.core.config.errors import ConfigurationError
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.nearest import nearest

_SET_URL: Final = "Set pyfly.resilience.redis.url to where it is, such as redis://localhost:6379/0."


class PolicyCheck(GraphCheck):
    """Reports decorators that name policies nobody has configured, and policies that cannot be made."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem for each."""
        if "pyfly.resilience.records" not in sys.modules:
            return  # Nobody can have used the decorators.
        from pyfly.resilience.properties import ResilienceProperties

        config = next((each.instance for each in container.definitions_of(Config) if each.created), None)
        try:
            properties = config.bind(ResilienceProperties) if config is not None else ResilienceProperties()
        except ConfigurationError:
            return  # Reported with everything else that cannot be bound.
        yield from _unusable(properties)
        yield from _without_store(properties, container)
        for definition in container.definitions():
            yield from _unknown(definition, container, properties)


def _unusable(properties: Any) -> Iterator[WiringError]:
    from pyfly.resilience.events import NESTING
    from pyfly.resilience.policies import configured, section

    for kind in NESTING:
        for name, settings in section(properties, kind).items():
            try:
                configured(kind, name, settings, tokens=_any_store)
            except ValueError as failure:
                key = f"pyfly.resilience.{kind.value}.{name}"
                yield Problem(
                    Diagnosis(
                        f"The {kind.value} policy '{name}' cannot be made: {failure}.",
                        (),
                        (f"Correct {key} in the configuration.",),
                    ),
                    failure,
                )


def _any_store() -> Any:
    from pyfly.resilience.adapters.memory import MemoryTokenStore

    return MemoryTokenStore()


def _without_store(properties: Any, container: Container) -> Iterator[WiringError]:
    from pyfly.resilience.ports.outbound import LockStore, TokenStore

    wanted: dict[str, type] = {
        f"pyfly.resilience.rate-limiter.{name}.store": TokenStore
        for name, settings in properties.rate_limiter.items()
        if settings.store == "redis"
    }
    if properties.lock.store == "redis":
        wanted["pyfly.resilience.lock.store"] = LockStore
    installed = is_importable("redis")
    for key, port in wanted.items():
        if installed and not properties.redis.url:
            yield _no_server(key, "pyfly.resilience.redis.url is not set.", _SET_URL)
        elif not installed and not container.definitions_of(port):
            yield _no_server(key, "The library redis is not installed.", "Install pyfly[redis].")


def _no_server(key: str, why: str, fix: str) -> WiringError:
    return Problem(Diagnosis(f"{key} is redis, and there is no Redis to use.", (why,), (fix,)))


def _unknown(definition: BeanDefinition, container: Container, properties: Any) -> Iterator[WiringError]:
    from pyfly.resilience.policies import TYPES, section
    from pyfly.resilience.records import ResilienceRecord

    for method, declared in recorded_members(definition.type, ResilienceRecord):
        for spec in declared.specs:
            known = [
                *section(properties, spec.kind),
                *(each.name for each in container.definitions_of(TYPES[spec.kind])),
            ]
            if spec.name and spec.name not in known:
                where = f"{definition.type.__name__}.{method} ({origin_of(declared.original)})"
                yield _missing(where, spec.kind.value, spec.name, known)


def _missing(where: str, kind: str, name: str, known: list[str]) -> WiringError:
    close = nearest(name, known)
    listed = f"There are: {', '.join(sorted(known))}." if known else f"No {kind} policy is configured."
    fixes = (f"Did you mean '{close}'?",) if close else ()
    return Problem(
        Diagnosis(
            f"{where} asks for the {kind} policy '{name}', and there is none.",
            (listed,),
            (
                *fixes,
                f"Set pyfly.resilience.{kind}.{name} in the configuration, or give the decorator settings.",
            ),
        )
    )
