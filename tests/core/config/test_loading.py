from pathlib import Path

import pytest

from pyfly.core.config import Config, ConfigurationError
from tests.core.config.conftest import Write


def test_an_empty_directory_gives_the_defaults_alone(tmp_path: Path) -> None:
    config = Config.from_sources(tmp_path)
    assert len(config.loaded_sources) == 1
    assert "pyfly-defaults" in config.loaded_sources[0]
    assert Config.from_sources(tmp_path, load_defaults=False).loaded_sources == []


def test_the_list_of_sources_is_a_copy(tmp_path: Path) -> None:
    config = Config.from_sources(tmp_path)
    config.loaded_sources.clear()
    assert len(config.loaded_sources) == 1


def test_later_files_win(write: Write, tmp_path: Path) -> None:
    names = ["config/pyfly.yaml", "config/pyfly.toml", "pyfly.yaml", "pyfly.toml"]
    names += ["config/pyfly-a.yaml", "config/pyfly-a.toml", "pyfly-a.yaml", "pyfly-a.toml"]
    names += ["config/pyfly-b.yaml", "pyfly-b.toml"]
    for position, name in enumerate(names):
        keys = [f"k{i}" for i in range(position, len(names))]
        text = "".join(f"{key} = '{name}'\n" if name.endswith("toml") else f"{key}: {name}\n" for key in keys)
        write(name, text)
    config = Config.from_sources(tmp_path, ["a", "b"])
    assert [config.get(f"k{i}") for i in range(len(names))] == names
    assert [source.endswith("(profile: b)") for source in config.loaded_sources] == [False] * 9 + [True] * 2


def test_the_environment_wins_over_profile_files(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pyfly-dev.yaml", "app: {name: dev}")
    monkeypatch.setenv("PYFLY_APP_NAME", "env")
    assert Config.from_sources(tmp_path, ["dev"]).get("app.name") == "env"


def test_a_file_of_another_name_is_read_itself_with_its_own_overlays(write: Write) -> None:
    path = write("pyfly-test.yaml", "a: 1\nb: 1\n")
    write("pyfly-test-dev.yaml", "b: 2\n")
    write("pyfly.yaml", "a: 9\n")
    config = Config.from_file(path, ["dev"])
    assert (config.get("a"), config.get("b")) == (1, 2)


def test_a_file_called_pyfly_stands_for_its_directory(write: Write, tmp_path: Path) -> None:
    path = write("pyfly.yaml", "a: 1\n")
    write("config/pyfly.yaml", "b: 2\n")
    assert Config.from_file(path).loaded_sources == Config.from_sources(tmp_path).loaded_sources
    assert Config.from_file(path).get("b") == 2


def test_a_missing_file_is_an_empty_one(tmp_path: Path) -> None:
    config = Config.from_file(tmp_path / "nonexistent.yaml")
    assert len(config.loaded_sources) == 1


def test_profiles_are_taken_from_the_file_when_nobody_names_them(write: Write, tmp_path: Path) -> None:
    write("pyfly.toml", '[pyfly.profiles]\nactive = ["dev", "eu"]\n')
    write("pyfly-eu.yaml", "a: eu\n")
    config = Config.from_sources(tmp_path)
    assert config.active_profiles == ("dev", "eu")
    assert config.get("a") == "eu"
    assert Config.from_sources(tmp_path, []).get("a") is None


@pytest.mark.parametrize(
    ("variable", "dotenv", "arguments", "expected"),
    [
        (None, None, [], "file"),
        (None, "dotenv", [], "dotenv"),
        ("environment", "dotenv", [], "environment"),
        ("environment", "dotenv", ["--pyfly.profiles.active=arguments"], "arguments"),
    ],
)
def test_profiles_follow_the_order_of_all_settings(
    write: Write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str | None,
    dotenv: str | None,
    arguments: list[str],
    expected: str,
) -> None:
    write("pyfly.yaml", "pyfly: {profiles: {active: file}}\n")
    if variable:
        monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", variable)
    if dotenv:
        write(".env", f"PYFLY_PROFILES_ACTIVE={dotenv}\n")
    assert Config.from_sources(tmp_path, args=arguments).active_profiles == (expected,)


def test_groups_activate_their_members_and_may_contain_each_other(write: Write, tmp_path: Path) -> None:
    write(
        "pyfly.yaml",
        """
        pyfly:
          profiles:
            active: prod
            group:
              prod: [db, cloud]
              cloud: "metrics, prod"
        """,
    )
    assert Config.from_sources(tmp_path).active_profiles == ("prod", "db", "cloud", "metrics")


def test_the_default_profile_applies_only_when_no_other_is_active(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "pyfly: {profiles: {default: dev}}\n")
    assert Config.from_sources(tmp_path).active_profiles == ("dev",)
    assert Config.from_sources(tmp_path, ["prod"]).active_profiles == ("prod",)


def test_a_document_applies_when_its_profile_expression_is_true(write: Write, tmp_path: Path) -> None:
    write(
        "pyfly.yaml",
        """
        a: base
        ---
        pyfly.config.activate.on-profile: "prod & !eu"
        a: prod
        ---
        pyfly: {config: {activate: {on-profile: [eu, us]}}}
        a: region
        """,
    )
    values = {
        p: Config.from_sources(tmp_path, p).get("a") for p in [("dev",), ("prod",), ("prod", "eu"), ("us",)]
    }
    assert values == {("dev",): "base", ("prod",): "prod", ("prod", "eu"): "region", ("us",): "region"}


def test_dotenv_lies_below_the_environment_and_above_the_files(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pyfly.yaml", "shop: {a: file, b: file, c: file, d: '${HOST_NAME}'}\n")
    write(".env", "PYFLY_SHOP_B=dotenv\nPYFLY_SHOP_C=dotenv\nHOST_NAME=box\n")
    monkeypatch.setenv("PYFLY_SHOP_C", "environment")
    config = Config.from_sources(tmp_path)
    assert config.get_section("shop") == {"a": "file", "b": "dotenv", "c": "environment", "d": "box"}
    assert config.origin("shop.b") == ".env PYFLY_SHOP_B"


def test_dotenv_can_be_switched_off(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "pyfly: {config: {dotenv: false}}\n")
    write(".env", "PYFLY_SHOP_B=dotenv\n")
    assert Config.from_sources(tmp_path).get("shop.b") is None


def test_the_command_line_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_WEB_PORT", "1")
    config = Config.from_sources(
        tmp_path, args=["serve", "--pyfly.web.port=2", "--verbose", "--shop.hosts[0]=a"]
    )
    assert config.get("pyfly.web.port") == "2"
    assert config.get("verbose", type=bool) is True
    assert config.get("shop.hosts", type=list[str]) == ["a"]


def test_a_key_under_an_old_name_still_works_and_is_reported(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "pyfly:\n  web:\n    actuator:\n      enabled: true\n    port: 1\n")
    config = Config.from_sources(tmp_path, load_defaults=False)
    assert config.get("pyfly.actuator.enabled") is True
    assert config.get("pyfly.web.actuator.enabled") is True
    assert config.get("pyfly.web.port") == 1
    (renamed,) = config.renamed_keys
    assert (renamed.key, renamed.replacement) == ("pyfly.web.actuator.enabled", "pyfly.actuator.enabled")
    assert renamed.origin.endswith("pyfly.yaml:4")


def test_aliased_sections_are_merged_and_the_later_file_wins(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "pyfly: {data: {url: a, datasources: {default: {echo: true}, other: {url: o}}}}\n")
    write("pyfly.toml", "[pyfly.data.relational]\nurl = 'b'\n")
    config = Config.from_sources(tmp_path, load_defaults=False)
    assert config.get_section("pyfly.data") == {
        "url": "b",
        "echo": True,
        "datasources": {"other": {"url": "o"}},
    }


def test_a_profile_name_cannot_reach_outside_the_directory(write: Write, tmp_path: Path) -> None:
    write("secret.yaml", "a: stolen\n")
    (tmp_path / "app" / "pyfly-x").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="not a profile name"):
        Config.from_sources(tmp_path / "app", ["x/../../secret"])


def test_a_malformed_file_names_its_line(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "a: 1\nb: [1, 2\nc: 3\n")
    with pytest.raises(ConfigurationError, match=r"pyfly\.yaml:3"):
        Config.from_sources(tmp_path)
