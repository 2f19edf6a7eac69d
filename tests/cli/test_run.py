import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest

from pyfly.cli.run import _discover_app
from tests.cli.support import BROKEN, SERVED, WORKER, finish, free_port, package, start


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """A folder with an application that answers with the number of its process."""
    return package(tmp_path, "served", SERVED)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: str(number.name))
@pytest.mark.parametrize("options", [[], ["--workers", "2"], ["--reload"]], ids=" ".join)
def test_an_application_answers_until_a_signal_and_ends_with_0(
    served: Path, number: signal.Signals, options: list[str]
) -> None:
    port = free_port()
    with start(served, "run", "--port", str(port), *options) as process:
        pid = _answer(process, port)
        process.send_signal(number)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert (pid == process.pid) is (not options)
    assert "Traceback" not in output


def test_slow_and_endless_clients_are_given_up_while_sources_are_watched(served: Path) -> None:
    port = free_port()
    options = [
        "--reload",
        "--pyfly.web.connections.header-timeout=300ms",
        "--pyfly.web.limits.header-size=1KB",
    ]
    with start(served, "run", "--port", str(port), *options) as process:
        _answer(process, port)
        head = b"GET /pid HTTP/1.1\r\nHost: x\r\n"
        found = [_raw(port, head), _raw(port, head + b"X: ", b"x" * 9_000, b"x" * 9_000)]
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    assert [answer.split()[1] for answer in found] == [b"408", b"431"], output
    assert all(b"x-transaction-id: " in answer for answer in found)


def _raw(port: int, *pieces: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.1)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_flags_win_over_the_environment_and_that_over_files(served: Path) -> None:
    flag, variable = free_port(), free_port()
    (served / "pyfly.yaml").write_text("pyfly:\n  web:\n    port: 1\n  app:\n    module: served.main:app\n")
    with start(served, "run", "--port", str(flag), PYFLY_WEB_PORT=str(variable)) as process:
        _answer(process, flag)
        process.send_signal(signal.SIGINT)
    with start(served, "run", PYFLY_WEB_PORT=str(variable)) as process:
        _answer(process, variable)
        process.send_signal(signal.SIGINT)


def test_profiles_and_settings_on_the_command_line_reach_the_application(served: Path) -> None:
    port = free_port()
    (served / "pyfly.yaml").write_text("pyfly:\n  banner:\n    mode: 'OFF'\n")
    (served / "pyfly-special.yaml").write_text(f"pyfly:\n  web:\n    port: {port}\n")
    options = ["--profile", "special", "--pyfly.web.base-path=/base", "--debug"]
    with start(served, "run", *options) as process:
        _answer(process, port, "/base/pid")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    assert "profiles=['special']" in output


@pytest.mark.parametrize("options", [[], ["--workers", "2"]], ids=["one process", "workers"])
def test_a_start_that_fails_is_reported_and_ends_with_1(tmp_path: Path, options: list[str]) -> None:
    package(tmp_path, "broken", BROKEN)
    code, output = finish(tmp_path, "run", "--port", str(free_port()), *options)
    assert code == 1
    assert "parameter 'missing'" in output
    assert "Traceback" not in output
    if not options:
        assert output.count("What failed") == 1


def test_with_debug_a_failing_start_tells_its_decisions_its_phases_and_its_traceback(tmp_path: Path) -> None:
    package(tmp_path, "broken", BROKEN)
    code, output = finish(tmp_path, "run", "--debug")
    assert code == 1
    for text in ("there is a rest_controller", "ms  check and compile the graph", "Traceback"):
        assert text in output
    assert output.count("What failed") == 1


@pytest.mark.parametrize("options", [[], ["--workers", "2"], ["--reload"]], ids=" ".join)
def test_a_port_that_is_taken_is_reported_before_anything_starts(served: Path, options: list[str]) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        port = listener.getsockname()[1]
        code, output = finish(served, "run", "--port", str(port), *options)
    assert code == 1
    assert f"Another process is listening on port {port}." in output
    assert "starting_application" not in output


def test_an_entry_class_without_controllers_runs_to_its_end(tmp_path: Path) -> None:
    package(tmp_path, "worker", WORKER)
    code, output = finish(tmp_path, "run", "--app", "worker.main:Application", "Ann", "Bob")
    assert (code, "greetings to Ann Bob" in output) == (0, True)


def test_an_entry_class_with_controllers_is_served(served: Path) -> None:
    port = free_port()
    with start(served, "run", "--app", "served.main:Application", "--port", str(port)) as process:
        assert _answer(process, port) == process.pid
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.parametrize("options", [[], ["--workers", "2"]], ids=["one process", "workers"])
def test_beans_may_be_in_the_module_that_is_run(tmp_path: Path, options: list[str]) -> None:
    package(tmp_path, "served", SERVED.replace('["served.main"]', '["served"]'))
    port = free_port()
    with start(tmp_path, "run", "--app", "served.main:app", "--port", str(port), *options) as process:
        _answer(process, port)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "No application found"),
        (["--app", "absent.main:app"], "There is no module absent"),
        (["--prot", "9"], "No such option"),
        (["--port", "70000"], "Invalid value for '--port'"),
        (["--app", "json:__version__"], "neither an application nor an entry class"),
    ],
    ids=["nothing", "module", "option", "port", "kind"],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    code, output = finish(tmp_path, "run", *arguments)
    assert code != 0
    assert message in output.splitlines()[-1]


def test_a_configuration_that_cannot_be_read_is_reported(served: Path) -> None:
    (served / "pyfly.yaml").write_text("pyfly:\n  web: [\n")
    code, output = finish(served, "run")
    assert (code, "Application failed to start" in output, "pyfly.yaml" in output) == (1, True, True)


def test_a_module_that_cannot_be_scanned_is_reported_once(tmp_path: Path) -> None:
    package(tmp_path, "served", SERVED.replace('["served.main"]', '["served"]'))
    (tmp_path / "served" / "broken.py").write_text("import no_such_library\n")
    code, output = finish(tmp_path, "run")
    assert (code, output.count("Application failed to start")) == (1, 1)
    assert 'scan_exclude=["served.broken"]' in output
    assert "Traceback" not in output


def test_an_import_error_in_the_application_is_reported_with_its_place(tmp_path: Path) -> None:
    package(tmp_path, "shop", "import no_such_library\napp = 1")
    code, output = finish(tmp_path, "run")
    assert code == 1
    assert re.search(r"no_such_library.*\n(.*\n)*.*shop/main.py:1", output)


def test_the_application_of_a_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _discover_app() is None
    (tmp_path / "pyfly.yaml").write_text("pyfly:\n  app:\n    name: shop\n")
    package(tmp_path / "src", "shop", "app = 1")
    assert _discover_app() == "shop.main:app"


def _answer(process: subprocess.Popen[str], port: int, path: str = "/pid") -> int:
    for _ in range(1500):
        try:
            number: int = httpx.get(f"http://127.0.0.1:{port}{path}").raise_for_status().json()
        except httpx.TransportError:
            assert process.poll() is None, process.communicate()[0]
            threading.Event().wait(0.02)
        else:
            return number
    raise AssertionError("The application does not answer.")
