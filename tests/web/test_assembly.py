"""Putting an application together: what beans it takes, and when it refuses to."""

from collections.abc import Iterable

import pytest

from pyfly.container import Scope, rest_controller, service
from pyfly.container.exceptions import BeanGraphError
from pyfly.web import PathVar, Response, get_mapping
from pyfly.web.ports.routes import RawRoute, RouteSource
from pyfly.web.responses import Receive, Reply
from pyfly.web.responses import Scope as RequestScope
from tests.web.support import assembled, client_of, container_of


class Pages(RouteSource):
    def routes(self) -> Iterable[RawRoute]:
        async def page(_scope: RequestScope, _receive: Receive, path: tuple[str, ...]) -> Reply:
            return Response(f"page {path[0]}")

        yield RawRoute("GET", "/pages/{name}", page)


async def test_beans_can_contribute_routes_of_their_own() -> None:
    async with client_of(Pages) as client:
        assert (await client.get("/pages/one")).text == "page one"


async def test_a_controller_of_each_request_is_made_anew() -> None:
    @rest_controller(scope=Scope.REQUEST)
    class Counting:
        def __init__(self) -> None:
            self.count = 0

        @get_mapping("/count")
        async def number(self) -> int:
            self.count += 1
            return self.count

    async with client_of(Counting) as client:
        assert [(await client.get("/count")).json() for _ in range(2)] == [1, 1]


async def test_other_beans_with_mappings_are_not_served() -> None:
    @service
    class NotAController:
        @get_mapping("/x")
        async def x(self) -> None: ...

    async with client_of(NotAController) as client:
        assert (await client.get("/x")).status_code == 404


def test_all_mistakes_are_reported_at_once() -> None:
    class Unknown: ...

    @rest_controller
    class Wrong:
        @get_mapping("no-slash/{")
        async def template(self) -> None: ...

        @get_mapping("/a/{id}")
        async def parameter(self, id: PathVar[int], what: Unknown) -> None: ...

        @get_mapping("/b")
        async def result(self) -> Unknown:
            raise NotImplementedError

    with pytest.raises(BeanGraphError) as caught:
        assembled(container_of(Wrong))
    whats = [problem.diagnosis.what for problem in caught.value.problems]
    assert [what.split(" (")[0] for what in whats] == ["Wrong.template", "Wrong.parameter", "Wrong.result"]
    assert "the type of the result cannot be used" in whats[2]
    assert all(problem.diagnosis.fix for problem in caught.value.problems)
