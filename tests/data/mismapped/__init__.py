"""Mappings that cannot work."""

from dataclasses import dataclass

from pyfly.container import component
from pyfly.data import mapping


@dataclass
class Street:
    name: str


@dataclass
class Gate:
    height: int


@dataclass
class GateView:
    width: int


@dataclass
class Home:
    telephone: str
    street: Street
    gates: list[Gate]


@dataclass
class StreetView:
    town: str


@dataclass
class HomeView:
    phone: str
    colour: str
    street: StreetView
    gates: list[GateView]


@mapping(Home, HomeView)
class Lacking:
    """Leaves fields without a source."""


@mapping(Street, StreetView, field_map={"nmae": "town"}, exclude=["twon"])
class Misspelt:
    """Names fields that do not exist."""


@mapping(Street, Street)
@component
class Methods:
    @mapping
    def same(self, street: Street) -> Street:
        return street

    @mapping
    async def slow(self, street: Street) -> Home:
        raise NotImplementedError

    @mapping
    def unsaid(self, street: Street | Home) -> Home:
        raise NotImplementedError

    @mapping(Home, Street)
    def nothing(self) -> Street:
        raise NotImplementedError


class NoBean:
    @mapping
    def street(self, home: Home) -> Street:
        return home.street
