"""Profiles and properties."""

import pytest

from pyfly.context import Environment
from pyfly.core.config import Config


def environment(*profiles: str) -> Environment:
    return Environment(Config({"pyfly": {"profiles": {"active": ",".join(profiles)}}, "shop": {"size": 3}}))


def test_profiles_come_from_the_configuration_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment("dev", "test").active_profiles == ["dev", "test"]
    assert environment().active_profiles == []
    monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "prod, eu")
    assert environment("dev").active_profiles == ["prod", "eu"]


def test_the_list_of_profiles_belongs_to_the_caller() -> None:
    found = environment("dev")
    found.active_profiles.clear()
    assert found.active_profiles == ["dev"]


@pytest.mark.parametrize(
    ("profiles", "expressions", "accepted"),
    [
        (["dev"], ["dev"], True),
        (["dev"], ["prod"], False),
        (["dev"], ["!prod"], True),
        ([], ["!prod"], True),
        (["test"], ["dev,test"], True),
        (["dev", "eu"], ["dev & (eu | us)"], True),
        (["dev"], ["dev & (eu | us)"], False),
        (["dev"], ["prod", "dev"], True),
        ([], [], False),
    ],
)
def test_expressions_are_evaluated_over_the_active_profiles(
    profiles: list[str], expressions: list[str], accepted: bool
) -> None:
    assert environment(*profiles).accepts_profiles(*expressions) is accepted


@pytest.mark.parametrize(("profile", "cautious"), [("prod", True), ("production", True), ("dev", False)])
def test_production_makes_defaults_cautious(profile: str, cautious: bool) -> None:
    assert environment(profile).is_production is cautious


def test_properties_are_read_live(monkeypatch: pytest.MonkeyPatch) -> None:
    found = environment()
    assert found.get_property("shop.size") == 3
    assert found.get_property("shop.colour", "red") == "red"
    monkeypatch.setenv("PYFLY_SHOP_SIZE", "4")
    assert found.get_property("shop.size") == "4"
