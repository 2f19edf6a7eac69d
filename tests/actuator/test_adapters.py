from pyfly.actuator import ActuatorRegistry
from pyfly.actuator.adapters.starlette import make_actuator_routes
from tests.actuator.support import Endpoint


def test_the_actuator_is_a_list_of_starlette_routes() -> None:
    registry = ActuatorRegistry()
    registry.register(Endpoint("a"))
    assert [(route.path, route.methods) for route in make_actuator_routes(registry)] == [
        ("/actuator", {"GET", "HEAD"}),
        ("/actuator/a", {"GET", "HEAD"}),
    ]
