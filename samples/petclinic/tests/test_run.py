"""The service as its users start it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from conftest import HOME


def test_pyfly_run_serves_until_ctrl_c(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = {"PYFLY_WEB_PORT": str(port), "PYFLY_DATA_URL": f"sqlite:///{tmp_path}/petclinic.db"}
    command = [str(Path(sys.executable).with_name("pyfly")), "run"]
    with subprocess.Popen(command, cwd=HOME, env=os.environ | settings) as process:
        try:
            vet = _answer(process, f"http://127.0.0.1:{port}/petclinic/api/vets/1").json()
            assert vet["lastName"] == "Carter"
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()


def _answer(process: subprocess.Popen[bytes], url: str) -> httpx.Response:
    deadline = time.monotonic() + 30
    while True:
        try:
            return httpx.get(url)
        except httpx.TransportError:
            assert process.poll() is None, "The service has ended; its report is above."
            assert time.monotonic() < deadline, "The service does not answer."
            time.sleep(0.05)
