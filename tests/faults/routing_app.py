"""Routes of every kind; each answer says in a header which of them was taken, and in its body with what values."""

from collections.abc import Iterable

from pydantic_core import to_json

from pyfly.web.ports.routes import Endpoint, RawRoute, RouteSource
from pyfly.web.responses import Receive, Reply, Scope

ROUTES: tuple[tuple[str, str], ...] = (
    ("GET", "/"),
    ("GET", "/items"),
    ("POST", "/items"),
    ("GET", "/items/search"),
    ("GET", "/items/{id:int}"),
    ("PUT", "/items/{name}"),
    ("GET", "/items/{name}"),
    ("POST", "/items/{id:int}/tags"),
    ("GET", "/items/{name}/tags/{tag}"),
    ("GET", "/items/new/tags/{tag}"),
    ("GET", "/prices/{price:float}"),
    ("GET", "/prices/{key:uuid}"),
    ("GET", "/slash/"),
    ("GET", "/files/{rest:path}"),
    ("PUT", "/files/read/{name}"),
    ("GET", "/admin/secret"),
    ("DELETE", "/Admin"),
    ("OPTIONS", "/own"),
    ("HEAD", "/own"),
)


class Routes(RouteSource):
    def routes(self) -> Iterable[RawRoute]:
        return [RawRoute(method, template, _endpoint(method, template)) for method, template in ROUTES]


def _endpoint(method: str, template: str) -> Endpoint:
    route = f"{method} {template}".encode()

    async def answer(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
        body = to_json(path)
        return 200, [(b"x-route", route), (b"content-length", b"%d" % len(body))], body

    return answer
