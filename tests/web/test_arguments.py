"""``ArgumentResolver``: parameters of types that only the application, or another module, knows."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

import httpx
import pytest

from pyfly.container import Scope as BeanScope
from pyfly.container import component, order
from pyfly.container.exceptions import BeanGraphError
from pyfly.kernel import UnauthorizedException
from pyfly.web import Argument, ArgumentResolver, Documented, get_mapping, rest_controller
from pyfly.web.ports.arguments import Bind
from pyfly.web.responses import Scope
from tests.web.support import assembled, client_of, container_of


class Identity:
    def __init__(self, name: str) -> None:
        self.name = name


class Admin(Identity):
    pass


class Tenant(str):
    __slots__ = ()


made: list[Argument] = []


@component
class Identities(ArgumentResolver):
    types = (Identity,)

    def binder(self, argument: Argument, /) -> Bind:
        made.append(argument)

        async def identity(scope: Scope) -> Identity:
            name = dict(scope["headers"]).get(b"x-user", b"").decode()
            if not name:
                raise UnauthorizedException("Who are you?")
            return Identity(name)

        return identity


@component
@order(-1)
class Tenants(ArgumentResolver):
    types = (Tenant,)

    def binder(self, argument: Argument, /) -> Bind:
        return lambda scope: Tenant(dict(scope["headers"]).get(b"host", b"").decode().partition(".")[0])

    @classmethod
    def documented(cls, argument: Argument, /) -> Sequence[Documented]:
        return [Documented(name="x-tenant", place="header")]


class Basket:
    def __init__(self) -> None:
        self.items = 0


@rest_controller
class Mine:
    @get_mapping("/me/{part}")
    async def me(
        self, part: str, who: Identity, tenant: Tenant, *, basket: Basket, page: int = 1
    ) -> list[Any]:
        basket.items += 1
        return [part, who.name, tenant, basket.items, page]

    @get_mapping("/other")
    async def other(self, who: Annotated[Admin | None, "strict"] = None) -> str:
        return who.name if who else "nobody"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    made.clear()
    container = container_of(Mine, Identities, Tenants)
    container.register(Basket, BeanScope.REQUEST)
    async with client_of(container=container) as found:
        yield found


async def test_a_parameter_is_made_by_the_resolver_of_its_type(client: httpx.AsyncClient) -> None:
    headers = {"x-user": "ann", "host": "shop.example.com"}
    assert (await client.get("/me/x", headers=headers)).json() == ["x", "ann", "shop", 1, 1]
    assert (await client.get("/me/x?page=2", headers=headers)).json() == ["x", "ann", "shop", 1, 2]


async def test_a_resolver_takes_care_of_subclasses_and_sees_the_whole_annotation(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/other", headers={"x-user": "ann"})).json() == "ann"
    assert [(item.name, item.default) for item in made] == [("who", made[0].default), ("who", None)]
    assert made[1].annotation == Annotated[Admin | None, "strict"]


async def test_what_a_resolver_raises_is_the_answer(client: httpx.AsyncClient) -> None:
    assert (await client.get("/me/x")).status_code == 401


async def test_resolvers_are_asked_once_per_parameter_and_not_per_request(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await client.get("/other", headers={"x-user": "ann"})
    assert len(made) == 2


def test_without_a_resolver_the_start_fails() -> None:
    with pytest.raises(BeanGraphError, match=r"parameter 'who' \(Identity\) cannot be bound"):
        assembled(container_of(Mine, Tenants))
