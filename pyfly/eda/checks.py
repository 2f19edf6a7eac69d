"""What is verified about listeners and publishing methods before any bean is built."""

import sys
from collections.abc import Iterable, Iterator

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.metadata import recorded_members
from pyfly.kernel.diagnosis import Diagnosis


class EventsCheck(GraphCheck):
    """Reports listeners that do not say what they want, and events that nobody would carry."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per wrong declaration."""
        if "pyfly.eda.decorators" not in sys.modules:
            return  # Nobody can have used one of the decorators.
        from pyfly.eda.ports.outbound import EventPublisher
        from pyfly.eda.records import ListenerRecord, PublisherRecord

        has_publisher = bool(container.definitions_of(EventPublisher))
        for definition in container.definitions():
            listening = dict(recorded_members(definition.type, ListenerRecord))
            for name, said in listening.items():
                yield from _unclear(definition, name, said.wanted)
            needy = [name for name, said in listening.items() if said.bus is None]
            needy += [name for name, _ in recorded_members(definition.type, PublisherRecord)]
            if needy and not has_publisher:
                yield _unpublished(definition, needy[0])


def _unclear(definition: BeanDefinition, name: str, wanted: tuple[str | type, ...]) -> Iterator[WiringError]:
    from pyfly.container.interception import MethodKind, method_kind
    from pyfly.container.resolution import UnresolvedAnnotationError
    from pyfly.eda.handling import wish_of

    function = getattr(definition.type, name)
    if method_kind(function) in {MethodKind.GENERATOR, MethodKind.ASYNC_GENERATOR}:
        yield _wrong_listener(definition, name, LookupError("it is a generator, which a call does not run"))
    try:
        wish_of(function, wanted, is_method=True)
    except (LookupError, UnresolvedAnnotationError) as failure:
        yield _wrong_listener(definition, name, failure)


def _wrong_listener(definition: BeanDefinition, name: str, failure: Exception) -> WiringError:
    function = getattr(definition.type, name)
    reason = str(failure)
    return Problem(
        Diagnosis(
            f"Listener {definition.type.__name__}.{name} ({origin_of(function)}) cannot be given events.",
            (f"{reason[:1].upper()}{reason[1:]}.",),
            (
                f"Annotate its one parameter with a class: 'async def {name}(self, event: OrderPlaced)'.",
                'Or name patterns: @event_listener("order.*").',
            ),
        ),
        failure,
    )


def _unpublished(definition: BeanDefinition, name: str) -> WiringError:
    return Problem(
        Diagnosis(
            f"{definition.type.__name__}.{name} ({definition.origin}) has to do with events, and there is no EventPublisher.",
            ("pyfly.eda.enabled is false, and the application brings no EventPublisher of its own.",),
            ("Take pyfly.eda.enabled away, or register your own EventPublisher.",),
        )
    )
