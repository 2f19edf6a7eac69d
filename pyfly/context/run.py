"""What the phases of one start and stop share."""

from asyncio import Future
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, NamedTuple

from pyfly.config.auto import AutoConfigurationEngine
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import WiringError
from pyfly.context.bean_lifecycle import ContextBeanLifecycle
from pyfly.context.environment import Environment
from pyfly.context.events import ApplicationEventBus
from pyfly.context.interruption import Interruption
from pyfly.context.post_processor import BeanPostProcessor
from pyfly.context.properties import ContextProperties
from pyfly.context.report import PhaseTiming, StartupReport
from pyfly.context.selection import Selection
from pyfly.context.values import evaluate
from pyfly.core.config.config import Config


class Started(NamedTuple):
    """A bean that was started and has to be stopped."""

    definition: BeanDefinition
    bean: Any
    is_infrastructure: bool


class Run:
    """One life of a context, from its first definition to its last stopped bean."""

    def __init__(
        self,
        config: Config,
        environment: Environment,
        container: Container,
        events: ApplicationEventBus,
        report: StartupReport,
    ) -> None:
        """Share the parts of one context."""
        self.config = config
        self.environment = environment
        self.container = container
        self.events = events
        self.report = report
        self.selection = Selection(config, environment, container, report)
        self.engine = AutoConfigurationEngine()
        self.lifecycle = ContextBeanLifecycle()
        self.properties = ContextProperties()
        self.arguments: tuple[str, ...] = ()
        self.edits: list[Callable[[], list[WiringError]]] = []
        self.processors: list[BeanPostProcessor] = []
        self.started: list[Started] = []
        self.initialized: set[BeanDefinition] = set()
        self.own: frozenset[BeanDefinition] = frozenset()
        self.early = frozenset(each for each in container.definitions() if each.created_at > 0)
        self.is_refreshed = False
        self.is_ready = False
        self.is_stopping = False
        self.starting: Interruption | None = None
        self.stopping: Future[None] | None = None
        container.assembly.lifecycle = self.lifecycle
        container.assembly.delivery.values = self._value

    @property
    def is_stopped(self) -> bool:
        """Whether the stop has been completed."""
        return self.stopping is not None and self.stopping.done()

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Record how long the block took, under the name *phase*."""
        began = perf_counter()
        try:
            yield
        finally:
            self.report.phases.append(PhaseTiming(phase, perf_counter() - began))

    def _value(self, expression: str, wanted: Any) -> Any:
        return evaluate(self.config, expression, wanted)
