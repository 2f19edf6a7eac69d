"""The settings classes of earlier programs keep their names, prefixes and defaults."""

import pytest

from pyfly.config import properties
from pyfly.config.properties import (
    CacheProperties,
    ClientProperties,
    DocumentProperties,
    LoggingProperties,
    MessagingProperties,
    RelationalProperties,
    WebProperties,
)
from pyfly.core.config import Config


@pytest.mark.parametrize("name", properties.__all__)
def test_each_class_is_filled_from_its_section(name: str) -> None:
    cls = getattr(properties, name)
    assert Config({}).bind(cls) == cls()


def test_the_defaults_are_the_published_ones() -> None:
    assert WebProperties() == WebProperties(
        "auto", 8000, "0.0.0.0", False, {"enabled": True}, {"enabled": False}
    )
    assert RelationalProperties() == RelationalProperties(False, "sqlite+aiosqlite:///pyfly.db", False, 5)
    assert DocumentProperties() == DocumentProperties(False, "mongodb://localhost:27017", "pyfly", 0, 100)
    assert CacheProperties() == CacheProperties(False, "auto", {"url": "redis://localhost:6379/0"}, 300)
    assert MessagingProperties().provider == "auto"
    assert ClientProperties().retry == {"max-attempts": 3, "base-delay": 1.0}
    assert LoggingProperties() == LoggingProperties({"root": "INFO"}, "console")


def test_sections_are_bound_with_the_names_that_were_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_DATA_RELATIONAL_POOL_SIZE", "7")
    config = Config(
        {
            "pyfly": {
                "web": {"port": "3000", "docs": {"enabled": False}},
                "data": {"relational": {"enabled": "yes"}},
                "messaging": {"kafka": {"bootstrap-servers": "a:1,b:2"}},
            }
        }
    )
    assert config.bind(WebProperties) == WebProperties(port=3000, docs={"enabled": False})
    assert config.bind(RelationalProperties) == RelationalProperties(enabled=True, pool_size=7)
    assert config.bind(MessagingProperties).kafka == {"bootstrap-servers": "a:1,b:2"}
