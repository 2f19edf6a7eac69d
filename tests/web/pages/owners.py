"""Routes that are plain functions, and a controller of pages."""

from typing import Any

from pydantic import BaseModel

from pyfly.container import component, controller, service
from pyfly.web import (
    Argument,
    ArgumentResolver,
    Form,
    PathVar,
    Redirect,
    ResponseEntity,
    View,
    get_mapping,
    post_mapping,
    request_mapping,
    view,
)
from pyfly.web.ports.arguments import Bind
from pyfly.web.responses import Scope


class Owner(BaseModel):
    id: int
    name: str


@service
class Owners:
    def __init__(self) -> None:
        self.by_id = {1: Owner(id=1, name="<Ann>")}

    def add(self, name: str) -> Owner:
        owner = Owner(id=len(self.by_id) + 1, name=name)
        self.by_id[owner.id] = owner
        return owner


@get_mapping("/api/owners")
async def all_owners(owners: Owners, name: str | None = None) -> list[Owner]:
    """Find owners.

    All of them, unless a name is given.
    """
    return [item for item in owners.by_id.values() if name in (None, item.name)]


class Caller:
    def __init__(self, name: str) -> None:
        self.name = name


@component
class Callers(ArgumentResolver):
    types = (Caller,)

    def __init__(self, owners: Owners) -> None:
        self._owners = owners

    def binder(self, argument: Argument, /) -> Bind:
        def caller(scope: Scope) -> Caller:
            return Caller(self._owners.by_id[1].name + dict(scope["headers"])[b"x-caller"].decode())

        return caller


@get_mapping("/api/caller")
async def who_calls(caller: Caller) -> str:
    return caller.name


@get_mapping("/api/owners/{owner_id:int}")
def one_owner(owner_id: PathVar[int], owners: Owners) -> Owner | None:
    return owners.by_id.get(owner_id)


another_name = one_owner


@get_mapping("/about")
@view("about")
async def about() -> dict[str, Any]:
    return {"title": "About <us>"}


@controller
@request_mapping("/owners")
class OwnerPages:
    def __init__(self, owners: Owners) -> None:
        self._owners = owners

    @get_mapping()
    @view("owners/list")
    async def list(self) -> dict[str, Any]:
        return {"owners": list(self._owners.by_id.values())}

    @get_mapping("/{owner_id:int}")
    async def show(self, owner_id: int) -> View | ResponseEntity[str]:
        owner = self._owners.by_id.get(owner_id)
        if owner is None:
            return View("missing", {"id": owner_id}, status=404, headers={"X-Missing": "1"})
        return View("owners/list.html", {"owners": [owner]})

    @get_mapping("/new")
    async def new(self) -> str:
        return "owners/new"

    @post_mapping()
    async def add(self, name: Form[str]) -> Redirect:
        return Redirect(f"/owners/{self._owners.add(name).id}?saved=é")

    @get_mapping("/old")
    def old(self) -> str:
        return "redirect:/owners"

    @get_mapping("/evil")
    async def evil(self, to: str) -> str:
        return "redirect:" + to

    @get_mapping("/any")
    async def any(self, name: str) -> str:
        return name
