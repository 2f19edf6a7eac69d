"""Objects that stand in for another one."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from pyfly.container.proxy import proxy, standing_in


class Account:
    """Has state, special methods and a property."""

    kind = "current"

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.entries: list[int] = []

    def add(self, amount: int) -> int:
        self.entries.append(amount)
        return self.total

    @property
    def total(self) -> int:
        return sum(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Account) and other.owner == self.owner

    def __hash__(self) -> int:
        return hash(self.owner)

    def __contains__(self, amount: int) -> bool:
        return amount in self.entries

    def __repr__(self) -> str:
        return f"<{self.owner}>"


@dataclass(frozen=True, slots=True)
class Point:
    x: int


def test_a_proxy_is_the_looked_up_object_at_each_use() -> None:
    accounts = {"ann": Account("ann"), "bob": Account("bob")}
    current = "ann"
    stand_in: Account = proxy(Account, lambda: accounts[current])
    assert isinstance(stand_in, Account)
    assert stand_in.add(5) == 5
    current = "bob"
    assert (stand_in.owner, stand_in.total, len(stand_in), 5 in stand_in) == ("bob", 0, 0, False)
    assert stand_in == accounts["bob"]
    assert hash(stand_in) == hash("bob")
    assert repr(stand_in) == str(stand_in) == "<bob>"
    current = "ann"
    assert (stand_in.total, 5 in stand_in) == (5, True)


def test_writing_and_deleting_reach_the_object() -> None:
    account = Account("ann")
    stand_in: Account = proxy(Account, lambda: account)
    stand_in.owner = "eve"
    assert account.owner == "eve"
    del stand_in.owner
    assert not hasattr(account, "owner")


def test_a_proxy_of_a_class_with_slots_works() -> None:
    stand_in: Point = proxy(Point, lambda: Point(3))
    assert stand_in.x == 3
    assert stand_in == Point(3)


def test_a_stand_in_may_use_its_own_state() -> None:
    other = Account("other")
    replaced = False
    stand_in_class = standing_in(Account, lambda self: other if replaced else self)
    account: Account = stand_in_class("own")
    account.add(1)
    assert (account.owner, len(account)) == ("own", 1)
    replaced = True
    assert (account.owner, len(account)) == ("other", 0)


class Port(ABC):
    """Declared as the type of a bean; never instantiated itself."""

    @abstractmethod
    def run(self) -> str: ...


class Impl(Port):
    def run(self) -> str:
        return "run"


def test_a_proxy_may_stand_for_an_abstract_type() -> None:
    stand_in: Port = proxy(Port, Impl)
    assert stand_in.run() == "run"
