import tomllib
from importlib.util import find_spec

from click.testing import CliRunner

from pyfly import __version__
from pyfly.cli.info import EXTRAS
from pyfly.cli.main import cli
from tests.cli.support import ROOT

COLLECTIONS = {"eda", "cache", "cqrs", "full", "test", "dev", "docs"}


def test_info_shows_the_version_the_environment_and_the_extras() -> None:
    result = CliRunner().invoke(cli, ["info"])
    assert result.exit_code == 0
    for text in ("PyFly Framework", __version__, "Environment", "Architecture", "Installed Extras", "web"):
        assert text in result.output


def test_every_extra_that_brings_a_library_is_listed_with_a_module_of_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(EXTRAS) == set(project["optional-dependencies"]) - COLLECTIONS
    assert [module for module in EXTRAS.values() if find_spec(module) is None] == []
