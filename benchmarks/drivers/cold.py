"""Samples from fresh processes: the time from spawning the interpreter until the work is done."""

import json
import subprocess
import sys
import tempfile
from time import perf_counter

from benchmarks.drivers.base import Driver, Sample, Unavailable, last_line
from benchmarks.environment import ROOT


class ColdDriver(Driver):
    """Spawns the contender anew for each sample."""

    def sample(self, row: str) -> Sample:
        """Return ``time`` (spawn until READY), ``inside`` (without the interpreter's own start) and ``memory``."""
        arguments = (self.area.package, self.contender.name, row)
        program = f"from benchmarks.children.cold import main; main{arguments!r}"
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            self.setting.cores.for_child()
            start = perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env=self.setting.environment(),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            self.setting.cores.for_harness()
            elapsed, reported = _read(process, start)
            if process.returncode != 0 or not reported:
                errors.seek(0)
                raise Unavailable(last_line(errors.read()))
        return {
            "time": elapsed * 1000,
            **{key: value for key, value in reported.items() if value is not None},
        }


def _read(process: "subprocess.Popen[str]", start: float) -> tuple[float, dict[str, float | None]]:
    """Return the seconds until READY, and what the process then reported about itself."""
    if process.stdout is None:
        return 0.0, {}
    with process.stdout as output:
        while (line := output.readline()) and line != "READY\n":
            pass
        elapsed = perf_counter() - start
        last = output.read().splitlines()[-1:]
    process.wait(timeout=60)
    return elapsed, json.loads(last[0]) if last and process.returncode == 0 else {}
