from pathlib import Path

from tests.cli.support import finish, free_port, package

FOREIGN = """
import os, signal

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        scope["state"]["word"] = "shared"
        await send({"type": "lifespan.startup.complete"})
        os.kill(os.getpid(), signal.SIGTERM)
        await receive()
        print("stopped", scope["state"])
        await send({"type": "lifespan.shutdown.complete"})
"""


def test_an_application_of_another_framework_is_started_and_stopped_too(tmp_path: Path) -> None:
    package(tmp_path, "foreign", FOREIGN)
    code, output = finish(tmp_path, "run", "--port", str(free_port()))
    assert (code, "stopped {'word': 'shared'}" in output) == (0, True)


def test_a_foreign_application_that_refuses_to_start_is_reported(tmp_path: Path) -> None:
    refusing = FOREIGN.replace(
        '"lifespan.startup.complete"}', '"lifespan.startup.failed", "message": "no disk"}'
    )
    package(tmp_path, "foreign", refusing.replace("os.kill", "return\n        os.kill"))
    code, output = finish(tmp_path, "run", "--port", str(free_port()))
    assert (code, "no disk" in output) == (1, True)
