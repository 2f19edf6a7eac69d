from collections.abc import Sequence
from typing import Any

import pytest

from pyfly.data.hooks.presets import OnPreset, plain_name


class Settings:
    def __init__(self, **values: Any) -> None:
        self.values = values

    def property(self, key: str) -> Any:
        return self.values.get(key.rsplit(".", 2)[-1] if "threshold" in key else key.rsplit(".", 1)[-1])

    def beans(self, wanted: Any) -> list[str]:
        return []

    def primary_bean(self, wanted: Any) -> bool:
        return False

    def stereotypes(self) -> frozenset[str]:
        return frozenset()

    def profiles(self) -> Sequence[str]:
        found: Sequence[str] = self.values.get("profiles", ())
        return found


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, False),
        ({"slow-query-threshold": "0s"}, True),
        ({"enabled": "auto", "slow-query-threshold": "1s"}, True),
        ({"enabled": False, "slow-query-threshold": "1s"}, False),
        ({"enabled": True}, True),
    ],
)
def test_a_preset_is_there_when_it_is_asked_for(settings: dict[str, Any], wanted: bool) -> None:
    outcome = OnPreset("slow-query").check(Settings(**settings))
    assert outcome.matched is wanted
    assert outcome.reason


@pytest.mark.parametrize("name", ["slow-query", "slow_query_hook", "SlowQueryHook", "slow_query"])
def test_names_of_hooks_are_compared_without_their_spelling(name: str) -> None:
    assert plain_name(name) == "slowquery"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [("0", False), ("off", False), ("No", False), (False, False), ("1", True), (True, True)],
)
def test_the_log_of_statements_is_asked_for_by_any_word_for_yes(said: object, wanted: bool) -> None:
    assert OnPreset("statement-log").check(Settings(statements=said)).matched is wanted


@pytest.mark.parametrize(
    ("profiles", "wanted"), [(("dev", "x"), True), (("x", "test"), True), (("x",), False), ((), False)]
)
def test_repeated_loads_are_watched_in_development(profiles: tuple[str, ...], wanted: bool) -> None:
    assert OnPreset("n-plus-one").check(Settings(profiles=profiles)).matched is wanted
