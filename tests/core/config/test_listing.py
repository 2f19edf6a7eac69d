from dataclasses import dataclass

import pytest

from pyfly.core.config import Config, Secret, Setting, config_properties, known_properties
from tests.core.config.conftest import Write

NO_PEPPER = Secret("")


@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class Shop:
    size: int = 1
    pepper: Secret = NO_PEPPER


SHOP = known_properties([Shop])


def test_every_key_is_listed_with_the_value_that_counts_and_its_origin(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write("x.yaml", "shop:\n  name: corner\n  hosts: [a, b]\n  empty: []\n  gone: null\n  port: 1\n")
    monkeypatch.setenv("PYFLY_SHOP_PORT", "2")
    settings = Config.from_file(file, load_defaults=False).settings()
    assert [(each.key, each.value, each.origin.rpartition("/")[2]) for each in settings] == [
        ("shop.empty", [], "x.yaml:4"),
        ("shop.hosts", ["a", "b"], "x.yaml:3"),
        ("shop.name", "corner", "x.yaml:2"),
        ("shop.port", "2", "environment variable PYFLY_SHOP_PORT"),
    ]


def test_a_prefix_in_any_spelling_limits_the_list() -> None:
    config = Config({"my-shop": {"size": 1}, "my": {"shop": 2}, "my-shopping": 3})
    assert [each.key for each in config.settings("myShop")] == ["my-shop.size"]
    assert [each.key for each in config.settings("my.shop")] == ["my.shop"]
    assert config.settings("shop") == []


def test_known_keys_are_listed_when_the_environment_alone_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_SIZE", "7")
    found = Setting("shop.size", "7", "environment variable PYFLY_SHOP_SIZE")
    assert Config({}).settings("shop", SHOP) == [found]


def test_variables_that_set_no_known_key_are_listed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_OWN_THING", "x")
    monkeypatch.setenv("PYFLY_SHOP_HOSTS_0", "a")
    config = Config({"shop": {"hosts": ["b"]}})
    listed = [(each.key, each.value) for each in config.settings()]
    assert listed == [("shop.hosts", ["a"]), ("PYFLY_OWN_THING", "x")]
    assert [each.key for each in config.settings("own")] == ["PYFLY_OWN_THING"]


def test_secrets_are_masked_by_name_by_type_in_addresses_and_behind_placeholders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYFLY_OWN_TOKEN", "canary")
    data = {
        "shop": {"pepper": "canary", "size": 3},
        "db": {"password": "canary", "url": "postgres://me:canary@host/db", "dsn": "me/${db.password}"},
        "list": ["${shop.pepper}"],
        "greeting": "hello ${db.url}",
    }
    settings = Config(data).settings(known=SHOP)
    assert "canary" not in str(settings)
    shown = {each.key: each.value for each in settings}
    assert shown["db.url"] == "postgres://me:******@host/db"
    assert shown["shop.size"] == 3


def test_a_placeholder_that_cannot_be_replaced_is_shown_as_it_is_written() -> None:
    config = Config({"a": "${no.such.key}", "b": 1})
    assert [(each.key, each.value) for each in config.settings()] == [("a", "${no.such.key}"), ("b", 1)]
