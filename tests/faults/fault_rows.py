"""One row per fault of a start: the smallest application that has it, and what its report has to say."""

from dataclasses import dataclass, field
from textwrap import dedent

IMPORTS = """\
import asyncio
import enum
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Protocol

from annotated_types import Ge
from pyfly.container import (
    Provider, Qualifier, Scope, Value, bean, component, configuration, depends_on, repository, rest_controller, service,
)
from pyfly.context import (
    ApplicationReadyEvent, ApplicationRunner, ContextRefreshedEvent, app_event_listener, auto_configuration,
    conditional_on_property, post_construct, pre_destroy,
)
from pyfly.core.config import config_properties
from tests.faults.journal import RefusedError

"""


@dataclass(frozen=True)
class Fault:
    """A fault, with the application that has it.

    The line marked ``# here``, in the code or else in the configuration, is the place to be named.
    """

    name: str
    code: str = ""
    config: str = ""
    says: tuple[str, ...] = ()
    """What the report contains: the bean, the cause, the way out."""
    started: int = 0
    """How many of the eight adapters had been started when it happened."""
    place: str = ""
    """Where it is, when no line can be marked."""
    arm: tuple[str, str, str] | None = None
    """A place, a bean and what happens to the bean there."""
    before_boot: bool = field(default=False)
    """Whether it is found while the application is being read, before there is anything to start."""
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def module(self) -> str:
        return IMPORTS + dedent(self.code)

    @property
    def file(self) -> str:
        fixed = "banner:\n  mode: 'OFF'\ncontext:\n  start-timeout: 100ms\n"
        lines = "".join(f"  {line}\n" for line in fixed.splitlines())
        return f"pyfly:\n{lines}{self.config}"
