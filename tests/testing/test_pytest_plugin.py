"""Each test here writes a project and runs pytest on it, as its users do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.docs.pages import blocks

SHOP = """
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pyfly.container import bean, configuration, service
from pyfly.core import pyfly_application
from pyfly.core.config import config_properties

@config_properties("shop")
@dataclass(frozen=True)
class Settings:
    currency: str = "EUR"
    stock: int = 1

class Connection:
    pass

@service
class Orders:
    def __init__(self, settings: Settings, connection: Connection) -> None:
        self.settings = settings

@configuration
class Beans:
    @bean
    async def connection(self) -> AsyncIterator[Connection]:
        with open("log", "a") as log:
            log.write("start\\n")
        yield Connection()
        with open("log", "a") as log:
            log.write("stop\\n")

@pyfly_application(name="shop", scan_packages=["shop"])
class Shop: ...
"""
SHARED = "asyncio_default_test_loop_scope = session\nasyncio_default_fixture_loop_scope = session\n"
OWN = "asyncio_default_fixture_loop_scope = function\n"
PLUGINS = ("pytest_asyncio.plugin", "pyfly.testing.pytest_plugin")
CLASSES = """
import pytest
from shop import Orders, Settings, Shop

pytestmark = pytest.mark.pyfly(Shop, profiles=["test"])

class TestOne:
    async def test_a(self, pyfly_app):
        assert pyfly_app.get_bean(Settings).currency == "EUR"
    def test_that_is_not_async(self, pyfly_app):
        assert pyfly_app.context.environment.active_profiles == ["test"]

class TestTwo:
    async def test_b(self, pyfly_app):
        with pyfly_app.override(Settings, Settings(currency="CHF")):
            assert pyfly_app.get_bean(Orders).settings.currency == "CHF"
    async def test_c(self, pyfly_app):
        assert pyfly_app.get_bean(Orders).settings.currency == "EUR"

@pytest.mark.pyfly(properties={"shop": {"currency": "USD"}})
class TestOther:
    @pytest.mark.pyfly(properties={"shop.stock": 5})
    async def test_d(self, pyfly_app):
        assert pyfly_app.get_bean(Settings) == Settings("USD", 5)
        assert pyfly_app.context.environment.active_profiles == ["test"]
"""


class Project:
    """A folder with a shop and its tests."""

    def __init__(self, folder: Path, tests: str, settings: str) -> None:
        (folder / "pytest.ini").write_text(
            f"[pytest]\nasyncio_mode = auto\naddopts = --strict-markers\n{settings or OWN}"
        )
        (folder / "shop.py").write_text(SHOP)
        (folder / "test_shop.py").write_text(tests)
        self.folder = folder

    def run(self, *arguments: str, plugins: tuple[str, ...] = PLUGINS) -> str:
        done = subprocess.run(
            [
                sys.executable,
                "-W",
                "error",
                "-m",
                "pytest",
                "-q",
                *(f"-p{name}" for name in plugins),
                *arguments,
            ],
            cwd=self.folder,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": f"{ROOT}:{self.folder}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.stdout + done.stderr

    @property
    def log(self) -> list[str]:
        return (self.folder / "log").read_text().splitlines()


def test_tests_of_one_loop_and_configuration_share_a_start(tmp_path: Path) -> None:
    project = Project(tmp_path, CLASSES, SHARED)
    output = project.run()
    assert "5 passed" in output, output
    assert "application starts" not in output
    assert project.log == ["start", "start", "stop", "stop"]


def test_tests_with_loops_of_their_own_have_applications_of_their_own(tmp_path: Path) -> None:
    project = Project(tmp_path, CLASSES, "")
    output = project.run()
    assert "5 passed" in output, output
    assert "pyfly: 5 application starts for 2 configuration(s)" in output
    assert project.log == ["start", "stop"] * 5


def test_a_class_may_share_a_loop_by_its_own_mark(tmp_path: Path) -> None:
    tests = CLASSES.replace("class TestTwo:", '@pytest.mark.asyncio(loop_scope="class")\nclass TestTwo:')
    project = Project(tmp_path, tests, "")
    output = project.run("-k", "TestTwo")
    assert "2 passed" in output, output
    assert project.log == ["start", "stop"]


def test_workers_do_not_disturb_each_other(tmp_path: Path) -> None:
    output = Project(tmp_path, CLASSES, SHARED).run("-n2", plugins=(*PLUGINS, "xdist.plugin"))
    assert "5 passed" in output, output


def test_properties_may_be_computed_by_fixtures(tmp_path: Path) -> None:
    tests = """
import pytest
from shop import Settings, Shop

@pytest.fixture(scope="session")
def server():
    return "started"

@pytest.fixture
def pyfly_properties(server):
    return {"shop.currency": server, "shop.stock": 3}

@pytest.fixture
async def currency(pyfly_app):
    return pyfly_app.get_bean(Settings).currency

@pytest.mark.pyfly(Shop, properties={"shop.stock": 4})
async def test_it(pyfly_app, currency):
    assert currency == "started"
    assert pyfly_app.get_bean(Settings).stock == 4
"""
    output = Project(tmp_path, tests, SHARED).run()
    assert "1 passed" in output, output


def test_overrides_may_be_fixtures_and_end_with_their_test(tmp_path: Path) -> None:
    tests = """
import pytest
from shop import Connection, Orders, Settings, Shop

pytestmark = pytest.mark.pyfly(app=Shop)

@pytest.fixture
def swiss(pyfly_app):
    with pyfly_app.override(Settings, Settings(currency="CHF")):
        yield

@pytest.fixture
async def rich(pyfly_app, swiss):
    async with pyfly_app.override(Settings, Settings(stock=99)) as fake:
        yield fake

async def test_a(pyfly_app, swiss):
    assert pyfly_app.get_bean(Orders).settings.currency == "CHF"
async def test_b(pyfly_app, rich):
    assert pyfly_app.get_bean(Orders).settings.stock == 99
async def test_c(pyfly_app):
    assert pyfly_app.get_bean(Orders).settings == Settings()
"""
    for settings in (SHARED, ""):
        output = Project(tmp_path, tests, settings).run()
        assert "3 passed" in output, output


def test_an_application_that_does_not_start_is_tried_once_and_reported_to_each_test(tmp_path: Path) -> None:
    tests = """
import pytest
from shop import Shop

@pytest.mark.pyfly(Shop, properties={"shop.stock": "many"})
class TestIt:
    async def test_a(self, pyfly_app): ...
    async def test_b(self, pyfly_app): ...
"""
    output = Project(tmp_path, tests, SHARED).run()
    assert "2 errors" in output, output
    assert output.count("Application failed to start") == 1
    assert "shop.stock" in output


@pytest.mark.parametrize(
    ("tests", "plugins", "said"),
    [
        ("async def test_a(pyfly_app): ...", PLUGINS, "uses pyfly_app without saying which"),
        ("def test_a(pyfly_app): ...", PLUGINS[1:], "needs an event loop: install pytest-asyncio"),
        (
            "import pytest\n@pytest.mark.pyfly(profile='x')\ndef test_a(pyfly_app): ...",
            PLUGINS,
            "keyword argument 'profile'",
        ),
    ],
    ids=["no application", "no event loop", "a misspelt argument"],
)
def test_a_mistake_in_a_test_is_explained(
    tmp_path: Path, tests: str, plugins: tuple[str, ...], said: str
) -> None:
    if plugins != PLUGINS:
        tests = f"import pytest\nfrom shop import Shop\npytestmark = pytest.mark.pyfly(app=Shop)\n{tests}"
    project = Project(tmp_path, tests, "")
    if plugins != PLUGINS:
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
    output = project.run(plugins=plugins)
    assert said in output, output
    assert "1 error" in output, output


def test_anyio_may_run_the_tests(tmp_path: Path) -> None:
    tests = """
import pytest
from shop import Settings, Shop

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.mark.anyio
@pytest.mark.pyfly(app=Shop)
class TestIt:
    async def test_a(self, pyfly_app):
        assert pyfly_app.get_bean(Settings).currency == "EUR"
    async def test_b(self, pyfly_app): ...
"""
    project = Project(tmp_path, tests, "")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    output = project.run(plugins=("anyio.pytest_plugin", PLUGINS[1]))
    assert "2 passed" in output, output
    assert project.log == ["start", "stop"] * 2


def test_the_tests_in_the_guide_pass(tmp_path: Path) -> None:
    project = Project(tmp_path, "", "")
    for block in blocks(ROOT / "docs/guides/testing.md"):
        if block.title.endswith(".py"):
            (tmp_path / block.title).write_text(block.body)
    output = project.run()
    assert "1 passed" in output, output


def test_a_run_that_does_not_use_the_plugin_imports_next_to_nothing() -> None:
    code = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport pyfly.testing.pytest_plugin\n"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}))\n"
        "print(len([name for name in set(sys.modules) - before if name.startswith('pyfly')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["['pyfly']", "5"]
