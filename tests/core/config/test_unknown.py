import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from pyfly.core.config import Config, check_keys, config_properties
from pyfly.core.config.loading import framework_defaults
from pyfly.core.config.tree import leaves
from tests.core.config.conftest import Write


@dataclass(frozen=True)
class Server:
    host: str = ""


@config_properties("pyfly.shop")
@dataclass(frozen=True, kw_only=True)
class Shop:
    max_items: int = 1
    enabled: bool = True
    hosts: tuple[str, ...] = ()
    servers: tuple[Server, ...] = ()
    named: dict[str, Server] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


@config_properties("my-app")
@dataclass(frozen=True)
class Mine:
    colour: str = ""


def test_an_unknown_key_comes_with_its_origin_and_the_key_that_was_meant(write: Write) -> None:
    config = Config.from_file(write("x.yaml", "pyfly:\n  shop:\n    max-itmes: 3\n    zebra: 1\n"))
    found = check_keys(config, [Shop]).unknown
    assert [(k.key, k.origin.rpartition("/")[2], k.suggestion) for k in found] == [
        ("pyfly.shop.max-itmes", "x.yaml:3", "pyfly.shop.max-items"),
        ("pyfly.shop.zebra", "x.yaml:4", None),
    ]
    assert str(found[0]).endswith("x.yaml:3). Did you mean pyfly.shop.max-items?")


def test_everything_that_can_be_bound_is_known() -> None:
    config = Config(
        {
            "pyfly": {
                "shop": {
                    "maxItems": 2,
                    "hosts": ["a"],
                    "servers": [{"host": "a"}],
                    "named": {"x": {"host": "a"}},
                    "labels": {"a.b": "c", "d": {"e": "f"}},
                },
                "web": {"actuator": {}},
                "profiles": {"active": "x", "group": {"x": ["y"]}},
                "config": {"import": ["optional:file:x"]},
            }
        }
    )
    assert check_keys(config, [Shop]).unknown == ()


def test_keys_of_the_application_are_reported_only_when_they_look_mistyped() -> None:
    config = Config(
        {"my-app": {"color": "x", "other": 1}, "pyfyl": {"shop": {"enabled": 1}}, "shop": {"enabled": 1}}
    )
    found = check_keys(config, [Shop, Mine]).unknown
    assert [(k.key, k.suggestion) for k in found] == [
        ("my-app.color", "my-app.colour"),
        ("pyfyl.shop.enabled", "pyfly.shop.enabled"),
    ]


def test_variables_are_checked_in_the_sections_of_the_framework_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [
        "PYFLY_SHOP_MAX_ITEMS",
        "PYFLY_SHOP_HOSTS_0",
        "PYFLY_SHOP_SERVERS_0_HOST",
        "PYFLY_SHOP_NAMED_EU_HOST",
        "PYFLY_SHOP_LABELS_ANYTHING",
        "PYFLY_MY_APP_COLOR",
        "PYFLY_OWN_THING",
        "PYFLY_SHOP_MAX_ITMES",
    ]:
        monkeypatch.setenv(name, "1")
    found = check_keys(Config({}), [Shop, Mine]).unknown
    assert [(k.key, k.suggestion) for k in found] == [("PYFLY_SHOP_MAX_ITMES", "PYFLY_SHOP_MAX_ITEMS")]


def test_two_hundred_foreign_variables_warn_about_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(200):
        monkeypatch.setenv(
            f"{['SHELL', 'WEB_PORT', 'DATA', 'PYFLYX', 'KUBERNETES'][number % 5]}_{number}", "x"
        )
    assert check_keys(Config({}), [Shop]).unknown == ()


def _mistyped(known: list[str], count: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(7)
    while count:
        key = chance.choice(known)
        position = chance.randrange(len("pyfly."), len(key))
        letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
        swapped = key[:position] + key[position : position + 2][::-1] + key[position + 2 :]
        dropped = key[:position] + key[position + 1 :]
        inserted = key[:position] + letter + key[position:]
        replaced = key[:position] + letter + key[position + 1 :]
        mutant = chance.choice([swapped, dropped, inserted, replaced])
        plausible = mutant.replace(".", "").replace("-", "").isalnum() and ".." not in mutant
        if plausible and mutant not in known and not mutant.endswith("."):
            count -= 1
            yield key, mutant


def test_mistyped_keys_are_flagged_with_the_right_suggestion() -> None:
    known = sorted(key for key, _ in leaves(framework_defaults().tree))
    flagged = right = total = 0
    for meant, mutant in _mistyped(known, 500):
        found = Config({mutant: 1}).unknown_keys(known)
        total += 1
        flagged += bool(found)
        right += bool(found) and found[0].suggestion == meant
    assert flagged / total >= 0.98
    assert right / total >= 0.90
