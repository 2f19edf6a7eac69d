"""The application: entry class, configuration, start and stop."""

import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pyfly import __version__
from pyfly.container import BeanCreationException, ScanError
from pyfly.context import ApplicationContext, ContextState
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.core.application import is_reported
from pyfly.core.asgi import AsgiApplication
from pyfly.core.config.errors import ConfigurationError

ROOT = Path(__file__).parents[2]


@pyfly_application(name="shop", version="2.1", scan_packages=["tests.container.sample"], description="Sells.")
class Shop: ...


@pyfly_application(name="broken", scan_packages=["tests.container.broken"])
class BrokenShop: ...


@pyfly_application(name="quiet")
class Quiet: ...


class Undecorated: ...


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(dedent(text))
    return path


QUIET = "pyfly:\n  banner:\n    mode: 'OFF'\n"


def test_the_published_view_of_the_entry_class() -> None:
    shown: Any = Shop
    assert shown.__pyfly_app_name__ == "shop"
    assert shown.__pyfly_app_version__ == "2.1"
    assert shown.__pyfly_scan_packages__ == ["tests.container.sample"]
    assert shown.__pyfly_app_description__ == "Sells."
    quiet: Any = Quiet
    assert (quiet.__pyfly_app_version__, quiet.__pyfly_scan_packages__) == ("0.1.0", [])


# Construction


def test_without_any_file_the_defaults_are_enough(folder: Path) -> None:
    app = PyFlyApplication(Shop)
    assert (app.name, app.version, app.description) == ("shop", "2.1", "Sells.")
    assert app.config.get("pyfly.web.port") == 8080
    assert app.startup_time_seconds == 0.0


def test_an_undecorated_class_has_a_name_and_scans_nothing(folder: Path) -> None:
    app = PyFlyApplication(Undecorated)
    assert (app.name, app.version) == ("pyfly-app", "0.1.0")


def test_the_context_is_there_before_the_start_with_the_scanned_beans_and_the_application(
    folder: Path,
) -> None:
    app = PyFlyApplication(Shop)
    names = {each.name for each in app.context.container.definitions()}
    assert {"Cards", "FileLedger"} <= names
    assert app.context.get_bean(PyFlyApplication) is app
    assert app.context.get_bean(ApplicationContext) is app.context


@pytest.mark.parametrize("name", ["pyfly.yaml", "pyfly.toml", "config/pyfly.yaml", "config/pyfly.toml"])
def test_the_configuration_is_found_in_the_working_directory(name: str, folder: Path) -> None:
    text = "[shop]\nsize = 3\n" if name.endswith("toml") else "shop:\n  size: 3\n"
    write(folder / name, text)
    assert PyFlyApplication(Quiet).config.get("shop.size") == 3


@pytest.mark.parametrize("name", ["pyfly.yaml", "other.yaml", "."])
def test_the_configuration_may_be_given_as_a_file_of_any_name_or_as_its_directory(
    name: str, folder: Path
) -> None:
    place = folder / "elsewhere"
    write(place / ("pyfly.yaml" if name == "." else name), "shop:\n  size: 4\n")
    assert PyFlyApplication(Quiet, config_path=place / name).config.get("shop.size") == 4


def test_profiles_are_resolved_and_their_files_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "pyfly.yaml", "pyfly:\n  profiles:\n    active: [dev]\nshop:\n  size: 1\n")
    write(folder / "pyfly-dev.yaml", "shop:\n  size: 2\n")
    write(folder / "pyfly-prod.yaml", "shop:\n  size: 3\n")
    assert PyFlyApplication(Quiet).config.get("shop.size") == 2
    assert PyFlyApplication._resolve_profiles_early(folder) == ["dev"]
    monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", " prod , ")
    assert PyFlyApplication(Quiet).config.get("shop.size") == 3
    assert PyFlyApplication._resolve_profiles_early(folder) == ["prod"]


def test_the_command_line_sets_configuration(folder: Path) -> None:
    write(folder / "pyfly.yaml", "shop:\n  size: 1\n")
    app = PyFlyApplication(Quiet, args=["--shop.size=9"])
    assert app.config.get("shop.size", type=int) == 9


def test_the_configured_name_wins(folder: Path) -> None:
    write(folder / "pyfly.yaml", "pyfly:\n  app:\n    name: configured\n")
    assert PyFlyApplication(Shop).name == "configured"


def test_what_is_configured_wins_even_if_it_equals_the_default(folder: Path) -> None:
    write(folder / "pyfly.yaml", "pyfly:\n  app:\n    name: pyfly-app\n    version: 0.1.0\n")
    app = PyFlyApplication(Shop)
    assert (app.name, app.version, app.description) == ("pyfly-app", "0.1.0", "Sells.")


def test_unreadable_configuration_and_failing_scans_are_raised_at_once(folder: Path) -> None:
    with pytest.raises(ScanError, match=r"tests\.container\.broken\.typo"):
        PyFlyApplication(BrokenShop)
    write(folder / "pyfly.yaml", "shop: [1\n")
    with pytest.raises(ConfigurationError, match=r"pyfly.yaml"):
        PyFlyApplication(Quiet)


def test_the_package_that_is_served_is_scanned_with_its_modules(folder: Path) -> None:
    import_module("tests.container.sample.billing")
    write(folder / "pyfly.yaml", "pyfly:\n  app:\n    module: tests.container.sample.billing:app\n")
    assert PyFlyApplication(Shop).context.contains_bean("Cards")


SHOP = """
    from pyfly.container import component
    from pyfly.core import PyFlyApplication, pyfly_application

    @component
    class Till: ...

    @pyfly_application(name="shop", scan_packages=["{package}"], scan_exclude=["*.migrations", "*.old.*"])
    class Shop: ...

    app = PyFlyApplication(Shop)
"""


def shop(folder: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a package whose main module makes an application of the package."""
    write(folder / package / "__init__.py", "")
    write(folder / package / "main.py", SHOP.format(package=package))
    write(folder / "pyfly.yaml", f"pyfly:\n  app:\n    module: {package}.main:app\n")
    monkeypatch.syspath_prepend(str(folder))


def test_the_served_module_finds_its_own_beans(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(folder, "own_shop", monkeypatch)
    assert import_module("own_shop.main").app.context.contains_bean("Till")


def test_a_served_module_that_nobody_has_imported_is_not_imported_to_find_beans(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @pyfly_application(name="tests", scan_packages=["tested_shop"])
    class Tests: ...

    shop(folder, "tested_shop", monkeypatch)
    assert not PyFlyApplication(Tests).context.contains_bean("Till")
    assert "tested_shop.main" not in sys.modules


def test_excluded_modules_are_not_imported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(folder, "aged_shop", monkeypatch)
    write(folder / "aged_shop" / "migrations.py", "raise SystemError")
    write(folder / "aged_shop" / "old" / "__init__.py", "")
    write(folder / "aged_shop" / "old" / "till.py", "raise SystemError")
    assert import_module("aged_shop.main").app.context.contains_bean("Till")


def test_what_stops_the_constructor_is_reported_before_it_is_raised(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ScanError) as raised:
        PyFlyApplication(BrokenShop)
    told = capsys.readouterr().err
    assert told.count("Application failed to start") == 1
    assert 'Leave the module out: scan_exclude=["tests.container.broken.typo"].' in told
    assert is_reported(raised.value)
    assert not is_reported(LookupError("nobody has told of this"))


# Start and stop


async def test_an_application_starts_and_stops_as_a_context_manager(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with PyFlyApplication(Shop) as app:
        assert app.context.is_ready
        assert app.startup_time_seconds > 0
    assert not app.context.is_ready
    shown = capsys.readouterr()
    assert f":: PyFly Framework :: (v{__version__})" in " ".join(shown.out.split())
    log = shown.out + shown.err
    for event in ("starting_application", "no_active_profiles", "application_started", "shutting_down"):
        assert event in log


async def test_nothing_is_printed_for_a_banner_that_is_off(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder / "pyfly.yaml", QUIET + "  profiles:\n    active: dev\n")
    async with PyFlyApplication(Quiet):
        pass
    shown = capsys.readouterr()
    assert "PyFly Framework" not in shown.out
    assert "active_profiles" in shown.out + shown.err


async def test_a_failed_start_prints_its_report_logs_once_and_raises_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Needs:
        def __init__(self, size: int) -> None: ...

    write(folder / "pyfly.yaml", QUIET)
    app = PyFlyApplication(Quiet)
    app.context.register_bean(Needs)
    with pytest.raises(BeanCreationException, match="is a bare int") as raised:
        await app.startup()
    shown = capsys.readouterr()
    assert (
        "Application failed to start\n\nWhat failed\n    Needs cannot be given parameter 'size'" in shown.err
    )
    assert (shown.out + shown.err).count("application_failed") == 1
    assert "Traceback" not in shown.out + shown.err
    assert app.startup_time_seconds == 0.0
    assert raised.value.subsystem == "container"
    await app.shutdown()


async def test_two_web_applications_fail_the_start_with_a_report_and_nothing_is_left_running(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Web(AsgiApplication):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    class OtherWeb(Web): ...

    write(folder / "pyfly.yaml", QUIET)
    app = PyFlyApplication(Quiet)
    for cls in (Web, OtherWeb):
        app.context.register_bean(cls)
    with pytest.raises(BeanCreationException):
        await app.startup()
    assert "Application failed to start" in capsys.readouterr().err
    assert app.context.state is ContextState.STOPPED


async def test_routes_and_their_documentation_are_logged_when_there_are_any(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Route:
        http_method, path, handler_name, status_code, handler = "GET", "/orders", "list_orders", 200, None

    write(folder / "pyfly.yaml", QUIET + "  logging:\n    level:\n      root: DEBUG\n")
    app = PyFlyApplication(Quiet)
    app._route_metadata, app._docs_enabled = [Route()], True
    async with app:
        pass
    shown = capsys.readouterr()
    log = shown.out + shown.err
    assert "mapped_endpoints" in log
    assert "/orders" in log
    assert "/redoc" in log


async def test_the_asgi_application_starts_and_stops_it(folder: Path) -> None:
    write(folder / "pyfly.yaml", QUIET)
    app = PyFlyApplication(Quiet)
    messages = iter(["lifespan.startup", "lifespan.shutdown"])
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        return {"type": next(messages)}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    from pyfly.core.asgi import LifespanApp

    ready: list[bool] = []
    served = LifespanApp(app, lambda: ready.append(app.context.is_ready))  # type: ignore[arg-type,return-value]
    await served({"type": "lifespan"}, receive, send)
    assert ready == [True]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert not app.context.is_ready


# Running as a program

WORKER = """
    from pyfly.container import component
    from pyfly.context import ApplicationRunner
    from pyfly.core import PyFlyApplication, pyfly_application

    @component
    class Worker:
        async def start(self):
            print("started", flush=True)

        async def stop(self):
            print("stopped", flush=True)

    @component
    class Job(ApplicationRunner):
        async def run(self):
            print("job done", flush=True)

    @component(condition=lambda: False)
    class Never: ...

    @pyfly_application(name="worker", scan_packages=["__main__"])
    class App: ...

    if __name__ == "__main__":
        PyFlyApplication(App).run()
"""


def program(folder: Path, text: str) -> "subprocess.Popen[str]":
    write(folder / "pyfly.yaml", QUIET)
    file = write(folder / "program.py", text)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, str(file)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_a_worker_runs_until_it_is_told_to_stop(number: signal.Signals, folder: Path) -> None:
    with program(folder, WORKER) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "job done":
                break
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    assert "stopped" in rest
    assert "Traceback" not in errors
    assert process.returncode == 0


def test_a_program_whose_work_is_done_by_runners_ends_by_itself(folder: Path) -> None:
    with program(folder, WORKER.replace("async def start", "async def begin")) as process:
        output, errors = process.communicate(timeout=20)
    assert "job done" in output
    assert process.returncode == 0, errors


def test_a_program_that_cannot_start_exits_with_code_one_and_a_report_without_traceback(folder: Path) -> None:
    text = WORKER.replace("condition=lambda: False", "").replace(
        "Never: ...", "Never:\n        clock: int = Autowired()"
    )
    with program(folder, text.replace("import component", "import Autowired, component")) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "Application failed to start" in errors
    assert "Never cannot be given field 'clock' (program.py:" in errors
    assert "Traceback" not in errors
