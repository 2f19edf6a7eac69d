"""Beans with one mistake each, whose reports are compared as a whole."""

from typing import Annotated, Any, Generic, Protocol, TypeVar

from pyfly.container import Autowired, Provider, Qualifier, Scope, component, service

T = TypeVar("T")


class Repository(Generic[T]): ...


class Invoice: ...


class Invoices(Repository[Invoice]): ...


class OrderRepository(Protocol):
    """Nobody implements it."""


class SqlOrderRepository(OrderRepository): ...


class OrderRepositori:
    """Has almost the same name."""


@service
class OrderService:
    def __init__(self, orders: OrderRepository) -> None: ...


@service
class Orders:
    def __init__(self, repository: Repository["OrderService"]) -> None: ...


@service
class Checkout:
    payments: "Payments" = Autowired()


class Payments:
    """Has two implementations."""


@service(name="cards")
class CardPayments(Payments): ...


@service(name="transfers")
class TransferPayments(Payments): ...


@service
class Account:
    def __init__(self, bank: "Bank") -> None: ...


@service
class Bank:
    branch: "Branch" = Autowired()


@service
class Branch:
    def __init__(self, account: Account) -> None: ...


@component(scope=Scope.REQUEST)
class CurrentUser: ...


@service
class Audit:
    def __init__(self, user: CurrentUser) -> None: ...


@service
class Picky:
    def __init__(self, payments: Annotated[OrderRepository, Qualifier("cards")]) -> None: ...


@service
class Misspelt:
    def __init__(self, payments: Annotated[Payments, Qualifier("card")]) -> None: ...


@service
class Guessing:
    def __init__(self, options: dict[str, Any], size: int) -> None: ...


@service
class Unreadable:
    def __init__(self, other: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821


@service
class Late:
    def __init__(self, orders: Provider[OrderRepository]) -> None:
        self.orders = orders
