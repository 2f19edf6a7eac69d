"""What the README shows is what its example does."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Block, blocks

SERVE = """
from starlette.testclient import TestClient
from hello.app import app

with TestClient(app) as client:
    print(client.get("/greetings/Ann").json(), client.get("/actuator/health").json(), client.get("/docs").status_code)
"""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The file of the README's example, in a package of its own."""
    file = tmp_path / "hello" / "app.py"
    file.parent.mkdir()
    (file.parent / "__init__.py").touch()
    file.write_text(_block("hello/app.py").body)
    return file


def test_the_example_serves_its_greeting_its_health_and_its_documentation(example: Path) -> None:
    assert "{'text': 'Hello, Ann!'} {'status': 'UP'} 200" in _run(example).stdout


def test_without_its_service_the_example_fails_with_the_report_that_is_shown(example: Path) -> None:
    example.write_text(example.read_text().replace("@service\n", "\n"))
    done = _run(example)
    (shown,) = [block.body for block in blocks(ROOT / "README.md") if "failed to start" in block.body]
    assert shown in done.stdout + done.stderr
    assert done.returncode != 0


def _block(title: str) -> Block:
    (found,) = [block for block in blocks(ROOT / "README.md") if block.title == title]
    return found


def _run(example: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SERVE],
        cwd=example.parents[1],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
