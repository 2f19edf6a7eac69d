"""Faults that come from outside or happen while beans are made and started."""

from tests.faults.fault_rows import Fault

_PROPERTIES = """
@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class ShopProperties:
    currency: str
    limit: Annotated[int, Ge(1)] = 10
    patience: timedelta = timedelta(seconds=1)
@service
class Orders:
    def __init__(self, properties: ShopProperties) -> None: ...
"""

CONFIGURATION = [
    Fault(
        "required setting missing",
        _PROPERTIES,
        "shop:\n  limit: 3\n",
        says=("shop.currency", "PYFLY_SHOP_CURRENCY", "What to do"),
        place="ShopProperties",
    ),
    Fault(
        "setting of the wrong type",
        _PROPERTIES,
        "shop:\n  currency: EUR\n  limit: many  # here\n",
        says=("shop.limit", "'many'", "a whole number", "What to do"),
    ),
    Fault(
        "setting beyond its limit",
        _PROPERTIES,
        "shop:\n  currency: EUR\n  limit: 0  # here\n",
        says=("shop.limit", "at least 1", "What to do"),
    ),
    Fault(
        "duration that is none",
        _PROPERTIES,
        "shop:\n  currency: EUR\n  patience: 3 parsecs  # here\n",
        says=("shop.patience", "3 parsecs", "30s", "What to do"),
    ),
    Fault(
        "environment variable of the wrong type",
        _PROPERTIES,
        "shop:\n  currency: EUR\n",
        says=("shop.limit", "'lots'", "a whole number", "What to do"),
        environment=(("PYFLY_SHOP_LIMIT", "lots"),),
        place="PYFLY_SHOP_LIMIT",
    ),
    Fault(
        "setting of the framework that cannot be",
        config="  web:\n    port: eighty  # here\n",
        code="""
        @rest_controller
        class Orders: ...
        """,
        says=("pyfly.web.port", "'eighty'", "a whole number", "What to do"),
    ),
    Fault(
        "unknown key, strictly",
        config="  config:\n    strict: true\n  wep:\n    port: 80  # here\n",
        says=("pyfly.wep.port is not a known key", "Use pyfly.web.port instead"),
    ),
    Fault(
        "injected value of the wrong type",
        """
        @service
        class Orders:
            def __init__(self, limit: Annotated[int, Value("${shop.limit}")]) -> None: ...
        """,
        "shop:\n  limit: many  # here\n",
        says=("Orders cannot be given the value '${shop.limit}'", "'many'", "a whole number", "What to do"),
    ),
    Fault(
        "placeholder for a key that is not set",
        """
        @service
        class Orders:
            def __init__(self, limit: Annotated[int, Value("${shop.limit}")]) -> None: ...  # here
        """,
        says=("Orders cannot be given", "'${shop.limit}' names a key that is not set", "Set shop.limit"),
    ),
    Fault(
        "placeholders in a circle",
        _PROPERTIES,
        "shop:\n  currency: ${shop.coin}  # here\n  coin: ${shop.currency}\n",
        says=("circle", "shop.currency -> shop.coin -> shop.currency"),
    ),
    Fault(
        "YAML that cannot be read",
        config="shop: [1, 2\nlimit: 3  # here\n",
        says=("The file is not valid YAML",),
        before_boot=True,
    ),
    Fault(
        "key that is there twice",
        config="shop:\n  limit: 1\n  limit: 2  # here\n",
        says=("'limit' is there twice", "Remove one 'limit'"),
        before_boot=True,
    ),
    Fault(
        "import of a file that does not exist",
        config="  config:\n    import: [nowhere.yaml]\n",
        says=("The imported 'nowhere.yaml' does not exist", "write 'optional:'"),
        place="nowhere.yaml",
        before_boot=True,
    ),
    Fault(
        "import error in a scanned module",
        "import no_such_library  # here\n",
        says=("cannot be imported", "No module named 'no_such_library'", "What to do"),
        before_boot=True,
    ),
    Fault(
        "syntax error in a scanned module",
        "def broken(:  # here\n",
        says=("cannot be imported", "SyntaxError", "What to do"),
        before_boot=True,
    ),
    Fault(
        "unknown word of a stereotype",
        """
        @service(nmae="orders")  # here
        class Orders: ...
        """,
        says=("unknown stereotype argument 'nmae'", "What to do"),
        before_boot=True,
    ),
]

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
