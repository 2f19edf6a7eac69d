"""Applications in folders of their own, and the ``pyfly`` command in a process of its own."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

PYFLY = [sys.executable, "-m", "tests.cli.support"]
ROOT = Path(__file__).parents[2]

SERVED = """
import os
from pyfly.container import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import get_mapping

@rest_controller
class Here:
    @get_mapping("/pid")
    async def pid(self) -> int:
        return os.getpid()

@pyfly_application(name="served", scan_packages=["served.main"])
class Application: ...

app = PyFlyApplication(Application).asgi()
"""
BROKEN = (
    SERVED.replace("served", "broken")
    .replace("class Here:", "class Here:\n    def __init__(self, missing: Path) -> None: ...\n")
    .replace("import os", "import os\nfrom pathlib import Path")
)
WORKER = """
import asyncio
from pyfly.container import component
from pyfly.core import CommandLineRunner, pyfly_application

@component
class Greeter(CommandLineRunner):
    async def run(self, arguments) -> None:
        print("greetings to", *arguments)

@pyfly_application(name="worker", scan_packages=["worker.main"])
class Application: ...
"""


def package(folder: Path, name: str, main: str) -> Path:
    """Write a package with one module ``main`` into *folder*."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").touch()
    (folder / name / "main.py").write_text(main)
    return folder


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def start(
    folder: Path, *arguments: str, errors: int | IO[str] = subprocess.STDOUT, **variables: str
) -> subprocess.Popen[str]:
    """Start ``pyfly`` in *folder*; what it writes to standard error goes to *errors*."""
    return subprocess.Popen(
        [*PYFLY, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **variables},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )


def finish(
    folder: Path, *arguments: str, errors: int | IO[str] = subprocess.STDOUT, **variables: str
) -> tuple[int, str]:
    """Run ``pyfly`` in *folder* to its end and return its exit code and what it printed."""
    with start(folder, *arguments, errors=errors, **variables) as process:
        output, _ = process.communicate(timeout=30)
        return process.returncode, output


if __name__ == "__main__":
    from pyfly.cli.main import cli

    # Where an installed command has the folder of its script.
    sys.path[0] = str(Path(__file__).parent)
    cli(prog_name="pyfly")
