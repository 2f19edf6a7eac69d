import subprocess
import sys
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path

import pytest

from pyfly.core.config import Config, ConfigurationError
from tests.core.config.conftest import Write


def test_a_value_is_found_by_its_dotted_key_and_a_missing_one_gives_the_default() -> None:
    config = Config({"app": {"name": "shop"}})
    assert config.get("app.name") == "shop"
    assert config.get("app.none") is None
    assert config.get("app.none", "x") == "x"


def test_null_means_not_set() -> None:
    config = Config({"app": {"name": None}})
    assert config.get("app.name", "default") == "default"
    assert not config.contains("app.name")


def test_a_section_is_found_as_nested_data() -> None:
    config = Config({"a": {"b": {"c": 1}}})
    assert config.get("a") == {"b": {"c": 1}}
    assert config.get_section("a.b") == {"c": 1}
    assert config.get_section("nothing") == {}


def test_the_environment_wins_is_read_live_and_stays_raw_text(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config({"pyfly": {"data": {"pool-size": 5}}})
    assert config.get("pyfly.data.pool-size") == 5
    monkeypatch.setenv("PYFLY_DATA_POOL_SIZE", "20")
    assert config.get("pyfly.data.pool-size") == "20"
    assert config.get("pyfly.data.pool_size", type=int) == 20


def test_the_environment_shows_in_sections_also_without_an_entry_in_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYFLY_LOGGING_LEVEL_ROOT", "DEBUG")
    monkeypatch.setenv("PYFLY_LOGGING_LEVEL_SQLALCHEMY__ENGINE", "INFO")
    monkeypatch.setenv("PYFLY_LOGGING_LEVEL_MY_APP", "ERROR")
    config = Config({"pyfly": {"logging": {"level": {"root": "WARNING"}}}})
    assert config.get_section("pyfly.logging") == {
        "level": {"root": "DEBUG", "sqlalchemy.engine": "INFO", "my_app": "ERROR"}
    }


def test_list_items_are_set_by_index(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config({"shop": {"hosts": ["a", "b"]}})
    monkeypatch.setenv("PYFLY_SHOP_HOSTS_1", "x")
    monkeypatch.setenv("PYFLY_SHOP_HOSTS_2", "y")
    monkeypatch.setenv("PYFLY_SHOP_PORTS_0", "1")
    assert config.get("shop.hosts") == ["a", "x", "y"]
    assert config.get("shop.hosts[1]") == "x"
    assert config.get("shop.ports") == ["1"]


def test_dotted_keys_at_the_top_are_sections() -> None:
    config = Config({"pyfly.web.port": 1, "pyfly": {"web": {"host": "h"}}})
    assert config.get_section("pyfly.web") == {"port": 1, "host": "h"}


def test_dotted_names_inside_a_map_stay_whole() -> None:
    config = Config({"level": {"sqlalchemy.engine": "INFO"}})
    assert config.get_section("level") == {"sqlalchemy.engine": "INFO"}
    assert config.get("level.sqlalchemy.engine") == "INFO"


def test_merging_is_recursive_for_sections_and_changes_no_input() -> None:
    base = {"a": {"b": 1, "l": [1]}, "x": 1}
    override = {"a": {"c": 2, "l": [2]}, "x": {"y": 1}}
    assert Config._deep_merge(base, override) == {"a": {"b": 1, "c": 2, "l": [2]}, "x": {"y": 1}}
    assert base == {"a": {"b": 1, "l": [1]}, "x": 1}


def test_the_framework_defaults_are_plain_data() -> None:
    assert Config._load_framework_defaults()["pyfly"]["profiles"]["active"] == ""


def test_a_typed_get_converts_and_names_key_and_origin_when_it_cannot(write: Write) -> None:
    path = write("app.yaml", "shop:\n  wait: 2m\n  size: big\n")
    config = Config.from_file(path, load_defaults=False)
    assert config.get("shop.wait", type=timedelta) == timedelta(minutes=2)
    assert config.get("shop.hosts", ["x"], type=list[str]) == ["x"]
    with pytest.raises(ConfigurationError) as raised:
        config.get("shop.size", type=int)
    assert raised.value.key == "shop.size"
    assert raised.value.origin.endswith("app.yaml:3")
    assert raised.value.expected == "a whole number"


def test_the_origin_of_a_value_is_the_file_and_line_or_the_variable(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pyfly.yaml", "shop:\n  name: x\n  size: 1\n")
    config = Config.from_sources(tmp_path, args=["--shop.colour=red"])
    assert config.origin("shop.size").endswith("pyfly.yaml:3")
    monkeypatch.setenv("PYFLY_SHOP_SIZE", "2")
    assert config.origin("shop.size") == "environment variable PYFLY_SHOP_SIZE"
    assert config.origin("shop.colour") == "command line --shop.colour"
    assert config.origin("shop.none") == ""


def test_overrides_win_over_everything_and_end_with_their_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_SIZE", "2")
    config = Config({"shop": {"size": 1, "name": "x"}})
    with config.overridden({"shop.size": 3}):
        assert config.get("shop.size") == 3
        assert config.get_section("shop") == {"size": 3, "name": "x"}
        with config.overridden({"shop": {"name": "y"}}):
            assert (config.get("shop.size"), config.get("shop.name")) == (3, "y")
    assert config.get("shop.size") == "2"


def test_overrides_are_not_seen_by_others() -> None:
    config = Config({"shop": {"size": 1}})
    elsewhere = copy_context()
    with config.overridden({"shop.size": 3}):
        assert elsewhere.run(config.get, "shop.size") == 1


def test_refreshing_reads_the_sources_again_and_tells_what_changed(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pyfly.yaml", "shop:\n  size: 1\n  name: x\n")
    config = Config.from_sources(tmp_path)
    assert config.refresh() == ()
    write("pyfly.yaml", "shop:\n  size: 2\n  name: x\n  new: true\n")
    monkeypatch.setenv("PYFLY_SHOP_NAME", "y")
    assert config.get("shop.size") == 1
    assert config.refresh() == ("shop.name", "shop.new", "shop.size")
    assert config.get("shop.size") == 2


def test_a_refresh_that_fails_leaves_everything_as_it_was(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "shop:\n  size: 1\n")
    config = Config.from_sources(tmp_path)
    write("pyfly.yaml", "shop: [")
    with pytest.raises(ConfigurationError):
        config.refresh()
    assert config.get("shop.size") == 1


def test_a_config_of_plain_data_imports_neither_yaml_nor_pydantic() -> None:
    program = (
        "import sys; from pyfly.core.config import Config; Config({'a': 1}).get('a');"
        "print(sorted({'yaml', 'pydantic', 'logging', 'asyncio', 'difflib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
