"""Port: one page of the actuator."""

from typing import Any, Protocol, runtime_checkable

from pyfly.container.types import extension_point


@extension_point
@runtime_checkable
class ActuatorEndpoint(Protocol):
    """Port: answers ``/actuator/<endpoint_id>``. Beans join by having these members."""

    @property
    def endpoint_id(self) -> str:
        """The last part of the path."""

    @property
    def enabled(self) -> bool:
        """Whether it answers, unless ``pyfly.actuator.endpoints.<id>.enabled`` says otherwise."""

    async def handle(self, context: Any = None) -> dict[str, Any]:
        """Return the body of the answer."""
