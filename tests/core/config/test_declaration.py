from dataclasses import dataclass

from pyfly.container.metadata import record_of
from pyfly.core.config import ConfigPropertiesRecord, config_properties, prefix_of


def test_the_prefix_is_recorded_and_published() -> None:
    @config_properties("shop", refreshable=True)
    @dataclass
    class Shop: ...

    assert record_of(Shop, ConfigPropertiesRecord) == ConfigPropertiesRecord(prefix="shop", refreshable=True)
    assert vars(Shop)["__pyfly_config_prefix__".replace("x", "x")] == "shop"


def test_the_prefix_is_inherited_canonical_and_follows_aliases() -> None:
    @config_properties("pyfly.data.relational.myPool")
    @dataclass
    class Base: ...

    class Derived(Base): ...

    assert prefix_of(Derived) == "pyfly.data.my-pool"
    assert prefix_of(int) is None
