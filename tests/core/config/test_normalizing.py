import pytest

from pyfly.core.config import Config, ConfigurationError, add_normalizer
from pyfly.core.config.normalizing import _by_key, _by_pattern
from tests.core.config.conftest import Write


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyfly.core.config.normalizing._by_pattern", dict(_by_pattern))
    _by_key.clear()


def _shout(value: object) -> object:
    if value == "never":
        raise ValueError("anything else")
    return str(value).upper()


def test_a_normalizer_applies_to_every_key_of_its_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config({"shop": {"a": {"mood": "calm"}, "mood": "${shop.a.mood}", "other": "calm"}})
    assert config.get("shop.mood") == "calm"
    add_normalizer("shop.*mood", _shout)
    assert config.get_section("shop") == {"a": {"mood": "CALM"}, "mood": "CALM", "other": "calm"}
    monkeypatch.setenv("PYFLY_SHOP_MOOD", "wild")
    assert config.get("shop.mood") == "WILD"


def test_a_value_without_normal_form_names_its_origin(write: Write) -> None:
    add_normalizer("shop.*mood", _shout)
    config = Config.from_file(write("x.yaml", "shop:\n  mood: never\n"), load_defaults=False)
    with pytest.raises(ConfigurationError, match=r"x\.yaml:2"):
        config.get("shop.mood")
