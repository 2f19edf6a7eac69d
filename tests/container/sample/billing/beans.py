"""Beans, and classes that are none."""

from pyfly.container import primary, repository, service
from tests.container.sample import InThePackage
from tests.container.sample.ports import Ledger, Payments


@service
class Cards(Payments):
    def pay(self) -> str:
        return "card"


@primary
@service
class Transfers(Payments):
    def pay(self) -> str:
        return "transfer"


@repository
class FileLedger(Ledger):
    def __init__(self, package: InThePackage) -> None:
        self.package = package

    def book(self) -> str:
        return "booked"


class Undecorated(Cards): ...


Alias = Cards
