"""Faults of the configuration and of the modules that are scanned."""

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
