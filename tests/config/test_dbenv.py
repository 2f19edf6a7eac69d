from pathlib import Path

import pytest

from pyfly.config.dbenv import DbEnvImport
from pyfly.core.config import Config, ConfigurationError
from pyfly.core.config.errors import ImportNotFoundError
from pyfly.core.config.imports import ImportContext
from pyfly.data.relational.properties import DataProperties, Mode
from pyfly.data.relational.sqlalchemy.dialects import address, with_driver

CONTEXT = ImportContext(Path(), (), lambda _key: None)
MESSY = {
    "DB_ENGINE": " Postgres ",
    "DB_HOST": "db",
    "DB_NAME": "shop",
    "DB_USER": "ann",
    "DB_PASS": "p@ss",
    "ANALYTICS_DB_ENGINE": "MySQL",
    "ANALYTICS_DB_NAME": "facts",
    "ANALYTICS_DB_POOL_SIZE": "4",
    "ANALYTICS_DB_MODE": "sync",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in MESSY.items():
        monkeypatch.setenv(name, value)


def config(tmp_path: Path, location: str) -> Config:
    file = tmp_path / "pyfly.yaml"
    file.write_text(f"pyfly:\n  config:\n    import: ['{location}']\n")
    return Config.from_file(file)


@pytest.mark.usefixtures("environment")
def test_messy_variables_become_the_same_tree_as_yaml(tmp_path: Path) -> None:
    said = config(tmp_path, "dbenv:default,ANALYTICS").bind(DataProperties)
    assert str(with_driver(address(said))) == "postgresql+asyncpg://ann:***@db:5432/shop"
    analytics = said.datasources["analytics"]
    assert str(with_driver(address(analytics))) == "mariadb+asyncmy://localhost:3306/facts"
    assert (analytics.pool.max_size, analytics.mode) == (4, Mode.SYNC)


@pytest.mark.usefixtures("environment")
def test_without_a_name_the_default_data_source_is_meant(tmp_path: Path) -> None:
    found = config(tmp_path, "dbenv:")
    assert found.get("pyfly.data.engine") == "postgresql"
    assert found.origin("pyfly.data.engine") == "DB_ENGINE"


@pytest.mark.usefixtures("environment")
def test_the_variables_of_the_framework_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_DATA_HOST", "other")
    assert config(tmp_path, "dbenv:").bind(DataProperties).host == "other"


def test_an_address_in_one_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///a.db")
    assert config(tmp_path, "dbenv:").get("pyfly.data.url") == "sqlite:///a.db"


@pytest.mark.parametrize(
    ("value", "warm_up", "size"), [("true", True, 1), ("0", False, 1), ("1", True, 1), ("4", True, 4)]
)
def test_warm_up_is_a_switch_or_a_number_of_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, warm_up: bool, size: int
) -> None:
    monkeypatch.setenv("DB_URL", "sqlite:///a.db")
    monkeypatch.setenv("DB_POOL_WARMUP", value)
    pool = config(tmp_path, "dbenv:").bind(DataProperties).pool
    assert (pool.warm_up, pool.min_size) == (warm_up, size)


def test_a_data_source_that_no_variable_describes_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportNotFoundError, match="'REPORTS'"):
        DbEnvImport({}).load("REPORTS", CONTEXT)
    assert config(tmp_path, "optional:dbenv:REPORTS").get("pyfly.data.datasources.reports.url") is None


def test_an_unknown_scheme_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        config(tmp_path, "dbenvy:X")
    assert "dbenv:" in (raised.value.fix or "")
