"""The actuator's routes, served by the web application beside those of the controllers."""

from collections.abc import Iterable, Iterator

from pydantic_core import to_json

from pyfly.actuator.endpoints.health_endpoint import GROUPS, HealthEndpoint
from pyfly.actuator.ports.outbound import ActuatorEndpoint
from pyfly.actuator.registry import ActuatorRegistry
from pyfly.web.ports.routes import Endpoint, RawRoute, RouteSource
from pyfly.web.principal import context_in
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope

_ALL = "*"


class ActuatorRoutes(RouteSource):
    """Serves the enabled and exposed endpoints of a registry."""

    def __init__(
        self, registry: ActuatorRegistry, base_path: str = "/actuator", expose: Iterable[str] = (_ALL,)
    ) -> None:
        """Serve those of *registry* that *expose* names, below *base_path*."""
        self._registry = registry
        self._base_path = base_path.rstrip("/")
        self._expose = frozenset(expose)

    def routes(self) -> Iterator[RawRoute]:
        """Return the index, one route per endpoint, and one per health group."""
        endpoints = self._exposed()
        yield RawRoute("GET", self._base_path or "/", self._index(endpoints))
        for name, endpoint in endpoints.items():
            path = f"{self._base_path}/{name}"
            if isinstance(endpoint, HealthEndpoint):
                yield RawRoute("GET", path, _health(endpoint, ""))
                for group in GROUPS:
                    yield RawRoute("GET", f"{path}/{group}", _health(endpoint, group))
            else:
                yield RawRoute("GET", path, _page(endpoint))

    def _exposed(self) -> dict[str, ActuatorEndpoint]:
        enabled = self._registry.get_enabled_endpoints()
        return {name: item for name, item in enabled.items() if self._expose & {_ALL, name}}

    def _index(self, endpoints: dict[str, ActuatorEndpoint]) -> Endpoint:
        async def index(scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
            here = scope.get("root_path", "") + scope["path"].removeprefix(scope.get("root_path", "")).rstrip(
                "/"
            )
            links = {"self": {"href": here}, **{name: {"href": f"{here}/{name}"} for name in endpoints}}
            return _json(200, {"_links": links})

        return index


def _health(endpoint: HealthEndpoint, group: str) -> Endpoint:
    async def health(scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
        is_authorized = getattr(context_in(scope), "is_authenticated", False)
        return _json(*await endpoint.report(group, is_authorized=is_authorized))

    return health


def _page(endpoint: ActuatorEndpoint) -> Endpoint:
    async def page(_scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
        return _json(200, await endpoint.handle())

    return page


def _json(status: int, body: object) -> Reply:
    content = to_json(body)
    headers: RawHeaders = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
        (b"cache-control", b"no-store"),
    ]
    return status, headers, content
