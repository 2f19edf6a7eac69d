"""Samples from a living process: short slices of a row, on request."""

import json
import subprocess
import sys
import tempfile
from contextlib import suppress

from benchmarks.area import Area, Contender
from benchmarks.drivers.base import Driver, Sample, Setting, Unavailable, last_line
from benchmarks.environment import ROOT


class WarmDriver(Driver):
    """Keeps one process of the contender alive for the whole run."""

    child = "benchmarks.children.warm"

    def __init__(self, area: Area, contender: Contender, setting: Setting) -> None:
        super().__init__(area, contender, setting)
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (closed by close)
        command = [sys.executable, "-m", self.child, area.package, contender.name]
        setting.cores.for_child()
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=setting.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        setting.cores.for_harness()

    def sample(self, row: str) -> Sample:
        """Ask the process for one slice of *row*."""
        line = self._ask({"row": row, "seconds": self.setting.slice_seconds})
        if not line:
            self._process.wait()
            self._errors.seek(0)
            raise Unavailable(last_line(self._errors.read()))
        answer = json.loads(line)
        if "error" in answer:
            raise Unavailable(answer["error"])
        return {key: value for key, value in answer.items() if value is not None}

    def close(self) -> None:
        """Let the process end by closing its input."""
        if self._process.stdin is not None and self._process.stdout is not None:
            with suppress(BrokenPipeError):  # it may have ended already
                self._process.stdin.close()
            self._process.wait(timeout=30)
            self._process.stdout.close()
        self._errors.close()

    def _ask(self, request: dict[str, object]) -> str:
        if self._process.stdin is None or self._process.stdout is None:
            return ""
        try:
            print(json.dumps(request), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            return ""
        return self._process.stdout.readline()
