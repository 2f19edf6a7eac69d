import pytest

from pyfly.actuator import ActuatorEndpoint, ActuatorRegistry
from pyfly.container import Container
from pyfly.core.config import Config
from tests.actuator.support import Endpoint


def test_an_enabled_endpoint_is_the_same_object_that_was_registered() -> None:
    registry, endpoint = ActuatorRegistry(), Endpoint()
    registry.register(endpoint)
    registry.register(Endpoint("off", enabled=False))
    assert registry.get_enabled_endpoints() == {"custom": endpoint}


@pytest.mark.parametrize(
    ("said", "own", "answers"),
    [(True, False, True), ("yes", False, True), (False, True, False), ("0", True, False)],
)
def test_configuration_beats_what_the_endpoint_says(said: object, own: bool, answers: bool) -> None:
    config = Config({"pyfly": {"actuator": {"endpoints": {"custom": {"enabled": said}}}}})
    registry = ActuatorRegistry(config)
    registry.register(Endpoint(enabled=own))
    assert ("custom" in registry.get_enabled_endpoints()) is answers


def test_endpoint_beans_are_found_and_never_replace_what_is_there() -> None:
    class Handler:
        async def handle(self, context: object = None) -> dict[str, object]:
            return {}

    class Custom(Endpoint):
        endpoint_id = "custom"
        enabled = True

        def __init__(self) -> None: ...

    class Inherited(ActuatorEndpoint):
        @property
        def endpoint_id(self) -> str:
            return "inherited"

        @property
        def enabled(self) -> bool:
            return True

    first = Endpoint()
    registry, container = ActuatorRegistry(), Container()
    for cls in (Handler, Custom, Inherited):
        container.register(cls)
    registry.register(first)
    registry.discover_from(container)
    found = registry.get_enabled_endpoints()
    assert sorted(found) == ["custom", "inherited"]
    assert found["custom"] is first
