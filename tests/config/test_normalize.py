import pytest

from pyfly.config.normalize import normalizer
from pyfly.core.config import Config, ConfigurationError
from pyfly.core.config.normalizing import _by_key, _by_pattern


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("pg", "postgresql"),
        ("Postgres", "postgresql"),
        ("POSTGRESQL", "postgresql"),
        ("mysql", "mariadb"),
        ("sqlite3", "sqlite"),
        ("mongo", "mongodb"),
    ],
)
def test_database_engines_have_one_name_each(written: str, normal: str) -> None:
    data = {"pyfly": {"data": {"engine": written, "datasources": {"other": {"engine": written}}}}}
    config = Config(data)
    assert config.get("pyfly.data.engine") == normal
    assert config.get("pyfly.data.datasources.other.engine", type=str) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [("info", "INFO"), ("Warn", "WARNING"), (False, "OFF"), ("trace", "TRACE"), ("10", 10)],
)
def test_log_levels_have_one_spelling(written: object, normal: object) -> None:
    config = Config({"pyfly": {"logging": {"level": {"root": written}}}})
    assert config.get("pyfly.logging.level.root") == normal


@pytest.mark.parametrize(
    ("written", "normal"), [("On", "true"), ("1", "true"), ("no", "false"), (True, True), ("auto", "auto")]
)
def test_switches_from_the_environment_are_true_or_false(
    monkeypatch: pytest.MonkeyPatch, written: object, normal: object
) -> None:
    config = Config({"pyfly": {"x": {"enabled": written}}})
    assert config.get("pyfly.x.enabled") == normal


@pytest.mark.parametrize(
    ("variable", "key"),
    [
        ("PYFLY_DATA_ENGINE", "pyfly.data.engine"),
        ("PYFLY_LOGGING_LEVEL_ROOT", "pyfly.logging.level.root"),
        ("PYFLY_WEB_ENABLED", "pyfly.web.enabled"),
    ],
)
def test_a_value_without_normal_form_names_its_origin(
    monkeypatch: pytest.MonkeyPatch, variable: str, key: str
) -> None:
    monkeypatch.setenv(variable, "nonsense")
    with pytest.raises(ConfigurationError) as raised:
        Config({}).get(key)
    assert raised.value.origin == f"environment variable {variable}"


def test_an_application_can_add_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyfly.core.config.normalizing._by_pattern", dict(_by_pattern))
    _by_key.clear()

    @normalizer("shop.country")
    def country(value: object) -> object:
        return str(value).upper()

    assert Config({"shop": {"country": "de"}}).get("shop.country") == "DE"
    assert country("fr") == "FR"
