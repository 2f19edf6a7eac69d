from dataclasses import dataclass
from typing import Annotated

import pytest

from pyfly.core.config import (
    Config,
    ConfigurationErrors,
    Deprecated,
    KeyReport,
    check_keys,
    config_properties,
)


@config_properties("pyfly.shop")
@dataclass(frozen=True, kw_only=True)
class Shop:
    max_items: int = 1
    old: Annotated[int, Deprecated(replacement="pyfly.shop.max-items")] = 0
    gone: Annotated[int, Deprecated()] = 0


def test_keys_of_the_framework_are_known_whatever_takes_part() -> None:
    config = Config({"pyfly": {"web": {"port": 1}, "data": {"url": "x"}, "shop": {"max-items": 2}}})
    assert check_keys(config, [Shop]) == KeyReport()


def test_a_deprecated_key_need_not_have_a_replacement() -> None:
    report = check_keys(Config({"pyfly": {"shop": {"gone": 1}}}), [Shop])
    assert report.messages == ("pyfly.shop.gone (the program) is deprecated.",)


def test_strict_makes_unknown_keys_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_CONFIG_STRICT", "on")
    with pytest.raises(ConfigurationErrors, match=r"pyfly\.shop\.x is not a known key"):
        check_keys(Config({"pyfly": {"shop": {"x": 1}}}), [Shop])


def test_renamed_and_deprecated_keys_are_reported_with_what_replaces_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYFLY_WEB_ACTUATOR_ENABLED", "true")
    report = check_keys(
        Config({"pyfly": {"shop": {"old": 1}, "web": {"actuator": {"enabled": True}}}}), [Shop]
    )
    assert report.messages == (
        "pyfly.web.actuator.enabled (the program) has been renamed; use pyfly.actuator.enabled.",
        "PYFLY_WEB_ACTUATOR_ENABLED (environment) has been renamed; use PYFLY_ACTUATOR_ENABLED.",
        "pyfly.shop.old (the program) is deprecated; use pyfly.shop.max-items.",
    )


def test_a_variable_that_sets_two_keys_at_once_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_MINE_POOL_SIZE", "1")
    report = check_keys(Config({"mine": {"pool-size": 1, "pool": {"size": 2}}}), [])
    assert report.messages == (
        "PYFLY_MINE_POOL_SIZE sets mine.pool-size and mine.pool.size at once; set one of them in a file instead.",
    )
