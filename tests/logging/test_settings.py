"""What is understood under ``pyfly.logging``, and what the report says about the rest."""

import logging
import pickle
from typing import Any

import pytest

from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.logging.settings import LoggingSettingError, LoggingSettings, level_number
from tests.logging.conftest import Values


def read(**values: Any) -> LoggingSettings:
    return LoggingSettings.read(Values({key.replace("_", "."): value for key, value in values.items()}))


def test_without_settings_everything_has_its_default() -> None:
    assert read() == LoggingSettings(root=logging.INFO, levels={}, format="console", color="auto")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("debug", logging.DEBUG),
        (" Warn ", logging.WARNING),
        ("FATAL", logging.CRITICAL),
        ("trace", 5),
        ("OFF", logging.CRITICAL + 10),
        (False, logging.CRITICAL + 10),
        (15, 15),
        ("15", 15),
    ],
    ids=repr,
)
def test_levels_are_names_in_any_case_or_numbers(written: object, number: int) -> None:
    assert level_number(written) == number


@pytest.mark.parametrize("written", ["verbose", "", True, -1, None], ids=repr)
def test_anything_else_is_no_level(written: object) -> None:
    with pytest.raises(LoggingSettingError):
        level_number(written)


def test_module_levels_may_be_flat_or_nested() -> None:
    levels = {"root": "WARN", "shop.orders": "DEBUG", "shop": {"stock": "ERROR", "mail": None}}
    settings = read(pyfly_logging_level=levels)
    assert settings.root == logging.WARNING
    assert settings.levels == {"shop.orders": logging.DEBUG, "shop.stock": logging.ERROR}


def test_a_single_level_is_that_of_the_root() -> None:
    assert read(pyfly_logging_level="ERROR").root == logging.ERROR


def test_a_single_level_set_from_outside_wins_over_the_mapping() -> None:
    settings = Values(
        {
            "pyfly.logging.level": {"root": "INFO", "shop": "INFO"},
            "pyfly.logging.level.root": "DEBUG",
            "pyfly.logging.level.shop": "ERROR",
        }
    )
    assert LoggingSettings.read(settings).root == logging.DEBUG
    assert LoggingSettings.read(settings).levels == {"shop": logging.ERROR}


@pytest.mark.parametrize(
    ("active", "production"),
    [("production", True), ("eu, production", True), (["production"], True), ("dev", False)],
)
def test_the_production_profile_is_recognised(active: object, production: bool) -> None:
    assert read(pyfly_profiles_active=active).production is production


@pytest.mark.parametrize(
    ("written", "mode"), [(True, "always"), ("off", "never"), ("AUTO", "auto")], ids=repr
)
def test_colour_modes_may_be_written_as_booleans(written: object, mode: str) -> None:
    assert read(pyfly_logging_color=written).color == mode


def test_an_unknown_format_is_explained_with_the_nearest_known_one() -> None:
    with pytest.raises(LoggingSettingError) as raised:
        read(pyfly_logging_format="jsn")
    assert diagnose(raised.value) == Diagnosis(
        what="pyfly.logging.format is 'jsn', which is not known.",
        fix=("Did you mean json? Set pyfly.logging.format to one of console, json, ecs, logstash.",),
    )


def test_the_error_for_a_module_level_names_its_key_and_survives_a_process_boundary() -> None:
    with pytest.raises(
        LoggingSettingError, match=r"pyfly\.logging\.level\.shop\.orders is 'DEBIG'"
    ) as raised:
        read(pyfly_logging_level={"shop.orders": "DEBIG"})
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)
