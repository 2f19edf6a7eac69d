"""Faults of the wiring: all of them are found before anything is built."""

from tests.faults.fault_rows import Fault

WIRING = [
    Fault(
        "missing bean",
        """
        class Ledger: ...
        @service
        class Orders:
            def __init__(self, ledger: Ledger) -> None: ...  # here
        """,
        says=("Orders, parameter 'ledger'", "needs a bean of type Ledger", "Mark Ledger with @component"),
    ),
    Fault(
        "missing bean, left out by its profile",
        """
        @service(profile="prod")
        class Ledger: ...
        @service
        class Orders:
            def __init__(self, ledger: Ledger) -> None: ...  # here
        """,
        says=("needs a bean of type Ledger", "profile 'prod' is not active (active: none)", "What to do"),
    ),
    Fault(
        "missing implementation of a protocol, left out by a condition",
        """
        class Ledger(Protocol):
            def add(self) -> None: ...
        @service
        @conditional_on_property("ledger.enabled", having_value="true")
        class SqlLedger(Ledger):
            def add(self) -> None: ...
        @service
        class Orders:
            def __init__(self, ledger: Ledger) -> None: ...  # here
        """,
        "ledger:\n  enabled: false\n",
        says=("needs a bean of type Ledger", "SqlLedger", "ledger.enabled is false, not true", "What to do"),
    ),
    Fault(
        "missing bean, left out by its own condition",
        """
        def on_a_sunday() -> bool:
            return False
        @service(condition=on_a_sunday)
        class Ledger: ...
        @service
        class Orders:
            def __init__(self, ledger: Ledger) -> None: ...  # here
        """,
        says=("needs a bean of type Ledger", "on_a_sunday returned False", "What to do"),
    ),
    Fault(
        "missing bean behind a field",
        """
        from pyfly.container import Autowired
        class Ledger: ...
        @service  # here
        class Orders:
            ledger: Ledger = Autowired()
        """,
        says=("Orders, field 'ledger'", "needs a bean of type Ledger", "What to do"),
    ),
    Fault(
        "two candidates",
        """
        class Ledger: ...
        @service
        class Paper(Ledger): ...
        @service
        class Disk(Ledger): ...
        @service
        class Orders:
            def __init__(self, ledger: Ledger) -> None: ...  # here
        """,
        says=("Orders, parameter 'ledger'", "2 fit: Paper, Disk", "Mark one of them with @primary"),
    ),
    Fault(
        "cycle of three",
        """
        @service
        class One:
            def __init__(self, two: "Two") -> None: ...
        @service
        class Two:
            def __init__(self, three: "Three") -> None: ...
        @service
        class Three:
            def __init__(self, one: One) -> None: ...  # here
        """,
        says=("Circular dependency: One -> Two -> Three -> One", "Let Three take Provider[One] for 'one'"),
    ),
    Fault(
        "cycle of a bean with itself",
        """
        @service
        class Alone:
            def __init__(self, alone: "Alone") -> None: ...  # here
        """,
        says=("Circular dependency: Alone -> Alone", "Provider[Alone]"),
    ),
    Fault(
        "scope inversion",
        """
        @component(scope=Scope.REQUEST)
        class Basket: ...
        @service
        class Orders:
            def __init__(self, basket: Basket) -> None: ...  # here
        """,
        says=("Orders (singleton) would keep Basket (request) beyond its scope", "Inject Provider[Basket]"),
    ),
    Fault(
        "scope inversion through a transient bean",
        """
        @component(scope=Scope.REQUEST)
        class Basket: ...
        @component(scope=Scope.TRANSIENT)
        class Bag:
            def __init__(self, basket: Basket) -> None: ...
        @service
        class Orders:
            def __init__(self, bag: Bag) -> None: ...  # here
        """,
        says=("Orders (singleton) would keep Basket (request) beyond its scope", "Provider[B"),
    ),
    Fault(
        "two beans of one name",
        """
        @service(name="ledger")
        class Paper: ...
        @service(name="ledger")  # here
        class Disk: ...
        """,
        says=("2 beans are called 'ledger'", "Give one of them another name"),
    ),
    Fault(
        "unknown qualifier",
        """
        @service(name="paper")
        class Ledger: ...
        @service
        class Orders:
            def __init__(self, ledger: Annotated[Ledger, Qualifier("papper")]) -> None: ...  # here
        """,
        says=("No bean named 'papper'", "Orders, parameter 'ledger'", "Did you mean 'paper'?"),
    ),
    Fault(
        "qualifier of another type",
        """
        class Ledger: ...
        @service(name="paper")
        class Paper: ...
        @service
        class Orders:
            def __init__(self, ledger: Annotated[Ledger, Qualifier("paper")]) -> None: ...  # here
        """,
        says=("asks for a Ledger named 'paper'", "that bean is a Paper", "Name a bean of type Ledger"),
    ),
    Fault(
        "annotation that names nothing",
        """
        @service  # here
        class Orders:
            def __init__(self, ledger: "Lodger") -> None: ...
        """,
        says=("The annotations of Orders", "name 'Lodger' is not defined", "Import the name"),
    ),
    Fault(
        "factory without return annotation",
        """
        @configuration
        class Beans:
            @bean  # here
            def ledger(self): ...
        """,
        says=("Beans.ledger", "has no return annotation", "Annotate its return type"),
    ),
    Fault(
        "parameter without annotation",
        """
        @service
        class Orders:
            def __init__(self, ledger) -> None: ...  # here
        """,
        says=("parameter 'ledger'", "has no type annotation", "Annotate it with the type of a bean"),
    ),
    Fault(
        "parameter that could be anything",
        """
        @service
        class Orders:
            def __init__(self, ledger: Any) -> None: ...  # here
        """,
        says=("parameter 'ledger'", "Any or object, which fits every bean", "Annotate it with the type"),
    ),
    Fault(
        "parameter of a builtin type",
        """
        @service
        class Orders:
            def __init__(self, limit: int) -> None: ...  # here
        """,
        says=("parameter 'limit'", "is a bare int, which is never guessed", "Value("),
    ),
    Fault(
        "parameter that is one of several types",
        """
        @service
        class Paper: ...
        @service
        class Disk: ...
        @service
        class Orders:
            def __init__(self, ledger: Paper | Disk) -> None: ...  # here
        """,
        says=("parameter 'ledger'", "is a union of several types", "Annotate it with the type"),
    ),
    Fault(
        "factory parameter that nothing satisfies",
        """
        class Ledger: ...
        class Books: ...
        @configuration
        class Beans:
            @bean  # here
            def books(self, ledger: Ledger) -> Books: ...
        """,
        says=("parameter 'ledger' of @bean method 'books'", "needs a bean of type Ledger", "What to do"),
    ),
    Fault(
        "generator of transient beans",
        """
        from collections.abc import Iterator
        class Ledger: ...
        @configuration
        class Beans:
            @bean(scope=Scope.TRANSIENT)  # here
            def ledger(self) -> Iterator[Ledger]:
                yield Ledger()
        """,
        says=("'ledger'", "is a generator of transient beans", "Give it the scope REQUEST or SINGLETON"),
    ),
    Fault(
        "dependence on a bean that is not there",
        """
        @service(name="schema")
        class Schema: ...
        @depends_on("shema")
        @service  # here
        class Orders: ...
        """,
        says=("No bean named 'shema'", "depends_on of Orders", "Did you mean 'schema'?"),
        place="faulty",
    ),
    Fault(
        "listener that does not say to what",
        """
        @service  # here
        class Orders:
            @app_event_listener
            def on_something(self, event) -> None: ...
        """,
        says=("Orders.on_something", "does not say which events it wants", "Annotate its one parameter"),
    ),
    Fault(
        "profile expression with a mistake",
        """
        @service(profile="prod & (dev")  # here
        class Orders: ...
        """,
        says=("'prod & (dev'", "is not well formed", "Orders", "What to do"),
    ),
    Fault(
        "condition that raises",
        """
        def on_a_sunday() -> bool:
            raise RefusedError("no calendar")  # here
        @service(condition=on_a_sunday)
        class Orders: ...
        """,
        says=("A condition of bean 'Orders'", "RefusedError: no calendar", "Correct"),
    ),
    Fault(
        "auto-configurations that come before each other",
        """
        @auto_configuration(before=[f"{__name__}.Second"])  # here
        class First: ...
        @auto_configuration(before=[First])
        class Second: ...
        """,
        says=("First", "Second", "come before each other", "What to do"),
    ),
    Fault(
        "duplicate route",
        """
        from pyfly.web import get_mapping, request_mapping
        @rest_controller
        @request_mapping("/orders")
        class Orders:
            @get_mapping("/{id}")
            async def one(self, id: int) -> int: ...
            @get_mapping("/{number}")  # here
            async def same(self, number: int) -> int: ...
        """,
        says=("GET /orders/{number}", "Orders.one", "Orders.same", "What to do"),
    ),
    Fault(
        "handler parameter that no request can fill",
        """
        import socket
        from pyfly.web import get_mapping
        @rest_controller
        class Orders:
            @get_mapping("/orders")  # here
            async def all(self, connection: socket.socket) -> int: ...
        """,
        says=("Orders.all", "connection", "What to do"),
    ),
    Fault(
        "derived query with a typing error",
        """
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
        from pyfly.data.relational.sqlalchemy import Repository
        class Shop(DeclarativeBase): ...
        class Order(Shop):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
            customer: Mapped[str]
        @repository
        class Orders(Repository[Order, int]):
            async def find_by_custommer(self, customer: str) -> list[Order]: ...  # here
        """,
        "  data:\n    url: 'sqlite://'\n",
        says=("Orders.find_by_custommer", "custommer", "customer", "What to do"),
    ),
    Fault(
        "transaction without a database",
        """
        from pyfly.data import transactional
        @service  # here
        class Orders:
            @transactional
            async def add(self) -> None: ...
        """,
        says=("Orders", "@transactional", "there is no TransactionManager", "Set pyfly.data.url"),
    ),
]
