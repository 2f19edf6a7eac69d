from pyfly.actuator import ActuatorRegistry
from pyfly.actuator.routes import ActuatorRoutes
from tests.actuator.support import Endpoint, client_of


async def test_the_index_links_to_every_enabled_endpoint() -> None:
    async with client_of(Endpoint("a"), Endpoint("b", enabled=False)) as client:
        assert (await client.get("/actuator")).json() == {
            "_links": {"self": {"href": "/actuator"}, "a": {"href": "/actuator/a"}}
        }
        assert (await client.get("/actuator/a")).json() == {"name": "a"}
        assert (await client.get("/actuator/b")).status_code == 404


def test_only_what_is_exposed_is_served() -> None:
    registry = ActuatorRegistry()
    registry.register(Endpoint("a"))
    registry.register(Endpoint("b"))
    paths = [route.path for route in ActuatorRoutes(registry, "/manage/", ["a"]).routes()]
    assert paths == ["/manage", "/manage/a"]
