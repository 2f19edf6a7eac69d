"""Faults that happen while beans are made, started and called."""

from tests.faults.fault_rows import Fault

RUNNING = [
    Fault(
        "constructor that raises",
        """
        @service
        class Orders:
            def __init__(self) -> None:
                raise RefusedError("no paper")  # here
        """,
        says=("Bean 'Orders'", "could not be created", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "@post_construct that raises",
        """
        @service
        class Orders:
            @post_construct
            def open(self) -> None:
                raise RefusedError("no paper")  # here
        """,
        says=("Bean 'Orders'", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "async @post_construct that raises",
        """
        @service
        class Orders:
            @post_construct
            async def open(self) -> None:
                await asyncio.sleep(0)
                raise RefusedError("no paper")  # here
        """,
        says=("Bean 'Orders'", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "@post_construct that never ends",
        """
        @service  # here
        class Orders:
            @post_construct
            async def open(self) -> None:
                await asyncio.Event().wait()
        """,
        says=("Bean 'Orders'", "within 0.1 s", "pyfly.context.start-timeout"),
        started=8,
    ),
    Fault(
        "async factory that raises",
        """
        class Ledger: ...
        @service
        class Orders:
            def __init__(self, ledger: Ledger) -> None: ...
        @configuration
        class Beans:
            @bean
            async def ledger(self) -> Ledger:
                await asyncio.sleep(0)
                raise RefusedError("no paper")  # here
        """,
        says=("Bean 'ledger'", "RefusedError: no paper", "It is needed by Orders", "Correct"),
        started=8,
    ),
    Fault(
        "async factory that never ends",
        """
        class Ledger: ...
        @configuration
        class Beans:
            @bean  # here
            async def ledger(self) -> Ledger:
                await asyncio.Event().wait()
        """,
        says=("Bean 'ledger'", "within 0.1 s", "pyfly.context.start-timeout"),
        started=8,
    ),
    Fault(
        "generator that raises before it yields",
        """
        from collections.abc import Iterator
        class Ledger: ...
        @configuration
        class Beans:
            @bean
            def ledger(self) -> Iterator[Ledger]:
                raise RefusedError("no paper")  # here
                yield
        """,
        says=("Bean 'ledger'", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "async generator that raises before it yields",
        """
        from collections.abc import AsyncIterator
        class Ledger: ...
        @configuration
        class Beans:
            @bean
            async def ledger(self) -> AsyncIterator[Ledger]:
                await asyncio.sleep(0)
                raise RefusedError("no paper")  # here
                yield
        """,
        says=("Bean 'ledger'", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "generator that yields nothing",
        """
        from collections.abc import Iterator
        class Ledger: ...
        @configuration
        class Beans:
            @bean  # here
            def ledger(self) -> Iterator[Ledger]:
                if False:
                    yield
        """,
        says=("@bean method 'ledger'", "yielded nothing", "Let it yield the bean"),
        started=8,
    ),
    Fault(
        "factory that returns None",
        """
        class Ledger: ...
        @service
        class Orders:
            def __init__(self, ledger: Ledger) -> None: ...  # here
        @configuration
        class Beans:
            @bean
            def ledger(self) -> Ledger:
                return None
        """,
        says=("factory 'ledger'", "returned None", "Let 'ledger' return a bean"),
        started=8,
    ),
    Fault(
        "constructors that ask each other's providers",
        """
        @service
        class One:
            def __init__(self, two: "Provider[Two]") -> None:
                two.get()
        @service
        class Two:
            def __init__(self, one: Provider[One]) -> None:
                one.get()
        """,
        says=("Circular dependency: One -> Two -> One", "Call the provider after construction"),
        started=8,
        place="One",
    ),
    Fault(
        "post-processor that raises",
        """
        @component
        class Inspector:
            def before_init(self, bean: Any, bean_name: str) -> Any:
                if bean_name == "Orders":
                    raise RefusedError("no paper")  # here
                return bean
            def after_init(self, bean: Any, bean_name: str) -> Any:
                return bean
        @service
        class Orders: ...
        """,
        says=("Bean 'Orders'", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "post-processor that cannot be made",
        """
        @component
        class Inspector:
            def __init__(self) -> None:
                raise RefusedError("no paper")  # here
            def before_init(self, bean: Any, bean_name: str) -> Any: ...
            def after_init(self, bean: Any, bean_name: str) -> Any: ...
        """,
        says=("Bean 'Inspector'", "RefusedError: no paper", "Correct"),
    ),
    Fault(
        "first adapter that does not start",
        arm=("start", "adapter0", "fail"),
        says=(
            "adapter0",
            "imaginary/journal",
            "RefusedError: the other side refused",
            "configuration of imaginary",
        ),
        place="adapters.py:",
    ),
    Fault(
        "fourth adapter that does not start",
        arm=("start", "adapter3", "fail"),
        says=(
            "adapter3",
            "imaginary/journal",
            "RefusedError: the other side refused",
            "configuration of imaginary",
        ),
        place="adapters.py:",
        started=3,
    ),
    Fault(
        "last adapter that never starts",
        arm=("start", "adapter7", "hang"),
        says=(
            "adapter7",
            "imaginary/journal",
            "it did not start within 0.1 s",
            "pyfly.context.start-timeout",
        ),
        place="adapters.py:",
        started=7,
    ),
    Fault(
        "adapter that cannot be made",
        arm=("create", "adapter5", "fail"),
        says=(
            "adapter5",
            "imaginary/journal",
            "RefusedError: the other side refused",
            "configuration of imaginary",
        ),
        place="adapters.py:",
    ),
    Fault(
        "database that does not answer",
        config="  data:\n    url: sqlite:////nowhere/at/all/shop.db\n",
        says=("data source 'default'", "unable to open database file", "correct pyfly.data.url"),
        place="/nowhere/at/all/shop.db",
    ),
    Fault(
        "bean that does not start",
        """
        @service
        class Orders:
            async def start(self) -> None:
                raise RefusedError("no paper")  # here
            async def stop(self) -> None: ...
        """,
        says=("Bean 'Orders'", "could not be started", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "bean that never starts",
        """
        @service  # here
        class Orders:
            async def start(self) -> None:
                await asyncio.Event().wait()
            async def stop(self) -> None: ...
        """,
        says=("Bean 'Orders'", "it did not start within 0.1 s", "pyfly.context.start-timeout"),
        started=8,
    ),
    Fault(
        "listener of the refreshed context that raises",
        """
        @service
        class Orders:
            @app_event_listener
            async def on_refreshed(self, event: ContextRefreshedEvent) -> None:
                raise RefusedError("no paper")  # here
        """,
        says=("Bean 'Orders'", "ContextRefreshedEvent", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "listener of readiness that raises",
        """
        @service
        class Orders:
            @app_event_listener
            def on_ready(self, event: ApplicationReadyEvent) -> None:
                raise RefusedError("no paper")  # here
        """,
        says=("Bean 'Orders'", "ApplicationReadyEvent", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "runner that raises",
        """
        @component
        class Import(ApplicationRunner):
            async def run(self) -> None:
                raise RefusedError("no paper")  # here
        """,
        says=("Bean 'Import'", "could not be run", "RefusedError: no paper", "Correct"),
        started=8,
    ),
    Fault(
        "failure that quotes a password",
        """
        @service
        class Orders:
            @post_construct
            def open(self) -> None:
                raise RefusedError("cannot reach postgresql://shop:hunter2@db/orders")  # here
        """,
        says=("Bean 'Orders'", "postgresql://shop:******@db/orders", "Correct"),
        started=8,
    ),
]
