from collections.abc import Iterable
from pathlib import Path

import pytest

from pyfly.core.config import (
    Config,
    ConfigurationError,
    ImportContext,
    ImportNotFoundError,
    register_import_resolver,
)
from pyfly.core.config.imports import _resolvers
from pyfly.core.config.snapshot import Layer
from pyfly.core.config.tree import tree_of
from tests.core.config.conftest import Write


def test_imported_files_win_over_profile_files_and_may_import_more(write: Write, tmp_path: Path) -> None:
    write(
        "pyfly.yaml",
        "pyfly: {config: {import: ['file:more/a.yaml', 'optional:none.yaml']}}\na: base\nb: base\n",
    )
    write("pyfly-dev.yaml", "a: dev\n")
    write("more/a.yaml", "a: imported\npyfly: {config: {import: b.toml}}\n")
    write("more/b.toml", "b = 'deep'\n")
    config = Config.from_sources(tmp_path, ["dev"])
    assert (config.get("a"), config.get("b")) == ("imported", "deep")
    assert [Path(source).name for source in config.loaded_sources[-2:]] == ["a.yaml", "b.toml"]


def test_sections_of_an_imported_file_follow_the_profiles(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "pyfly: {config: {import: x.yaml}}\n")
    write("x.yaml", "a: 1\n---\npyfly.config.activate.on-profile: dev\na: 2\n")
    assert Config.from_sources(tmp_path, ["dev"]).get("a") == 2
    assert Config.from_sources(tmp_path, []).get("a") == 1


def test_a_directory_of_mounted_secrets_is_read_file_by_file(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "pyfly: {config: {import: 'configtree:${SECRETS:secrets}'}}\ndb: {user: u}\n")
    write("secrets/db/password", "geheim\n")
    write("secrets/db.url", "postgresql://h/d")
    write("secrets/..data/hidden", "x")
    config = Config.from_sources(tmp_path)
    assert config.get_section("db") == {"user": "u", "password": "geheim", "url": "postgresql://h/d"}
    assert config.origin("db.password").endswith("secrets/db/password")


def test_files_that_import_each_other_are_read_once(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "pyfly: {config: {import: a.yaml}}\n")
    write("a.yaml", "pyfly: {config: {import: b.yaml}}\nx: a\n")
    write("b.yaml", "pyfly: {config: {import: a.yaml}}\nx: b\n")
    assert Config.from_sources(tmp_path).get("x") == "b"


@pytest.mark.parametrize(
    ("location", "problem"),
    [("none.yaml", "does not exist"), ("configtree:none", "does not exist"), ("valt:x", "Nothing knows how")],
)
def test_an_import_that_cannot_be_read_stops_loading(
    write: Write, tmp_path: Path, location: str, problem: str
) -> None:
    write("pyfly.yaml", f"pyfly: {{config: {{import: '{location}'}}}}\n")
    with pytest.raises(ConfigurationError, match=problem):
        Config.from_sources(tmp_path)


def test_optional_does_not_forgive_a_file_that_is_malformed(write: Write, tmp_path: Path) -> None:
    write("pyfly.yaml", "pyfly: {config: {import: 'optional:x.yaml'}}\n")
    write("x.yaml", "a: [")
    with pytest.raises(ConfigurationError, match="not valid YAML"):
        Config.from_sources(tmp_path)


def test_other_packages_can_answer_for_their_own_scheme(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Vault:
        def load(self, location: str, context: ImportContext) -> Iterable[Layer]:
            if location != "shop":
                raise ImportNotFoundError("no such path")
            return [Layer("vault", tree_of({"db.password": context.get("db.role")}, "vault shop"))]

    monkeypatch.setitem(_resolvers, "vault", Vault())
    register_import_resolver("vault", Vault())
    write("pyfly.yaml", "pyfly: {config: {import: ['vault:shop', 'optional:vault:other']}}\ndb: {role: r}\n")
    config = Config.from_sources(tmp_path)
    assert (config.get("db.password"), config.origin("db.password")) == ("r", "vault shop")
