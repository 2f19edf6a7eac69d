"""The two places where tests step between the definitions of a context and their start."""

from collections.abc import Callable, Coroutine
from typing import Any

from pyfly.container.container import Container
from pyfly.container.exceptions import WiringError
from pyfly.context.application_context import ApplicationContext
from pyfly.context.run import Run

Edit = Callable[[], list[WiringError]]


def edit_before_check(container: Container, edit: Edit) -> None:
    """Call *edit* when all definitions are known and about to be checked; what it returns is reported."""

    class EditedContainer(Container):
        __slots__ = ()

        def problems(self, *, allow_overriding: bool = False) -> list[Any]:
            return [*edit(), *super().problems(allow_overriding=allow_overriding)]

    # The context has made the container and handed it to its parts: only its class can be another one.
    object.__setattr__(container, "__class__", EditedContainer)


def check(context: ApplicationContext) -> None:
    """Take *context*, which must not have been started, as far as the check. Nothing is built."""
    from pyfly.context.startup import STARTUP, check_and_compile  # brings asyncio along

    run = Run(context.config, context.environment, context.container, context.event_bus, context.report)
    for phase in STARTUP:
        _complete(phase.step(run))
        if phase.step is check_and_compile:
            return


def _complete(step: Any) -> None:
    """Run a phase that awaits nothing, also where an event loop runs already."""
    if not isinstance(step, Coroutine):
        raise TypeError(f"{step!r} is no coroutine")
    try:
        step.send(None)
    except StopIteration:
        return
    step.close()
    raise RuntimeError("a phase before the check awaits something")
