"""What a server under fault tells about itself: how late its loop was, what it holds, how large it is."""

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import AsyncGeneratorType

from pyfly.container import bean, configuration, rest_controller
from pyfly.web import get_mapping, post_mapping

BEAT = 0.01
_SCHEDSTAT = Path("/proc/thread-self/schedstat")


class Heartbeat:
    """Sleeps for ten milliseconds again and again, and remembers how much too late it woke up.

    What the loop's thread waited for a processor meanwhile is left out: that is the machine's doing.
    """

    def __init__(self) -> None:
        self.lags: list[float] = []

    async def beat(self) -> None:
        while True:
            start, waited = time.perf_counter(), _waited_seconds()
            await asyncio.sleep(BEAT)
            late = time.perf_counter() - start - BEAT - (_waited_seconds() - waited)
            self.lags.append(max(0.0, late * 1000))


@configuration
class Probing:
    @bean
    async def heartbeat(self) -> AsyncIterator[Heartbeat]:
        heart = Heartbeat()
        task = asyncio.create_task(heart.beat())
        yield heart
        task.cancel()
        await asyncio.wait([task])


@rest_controller
class Probe:
    def __init__(self, heartbeat: Heartbeat) -> None:
        self.heartbeat = heartbeat

    @post_mapping("/probe", status_code=204)
    async def reset(self) -> None:
        """Begin to measure."""
        self.heartbeat.lags.clear()

    @get_mapping("/probe")
    async def state(self) -> dict[str, float]:
        """Say what there is, in milliseconds, MiB and numbers."""
        lags = sorted(self.heartbeat.lags) or [0.0]
        gc.collect()
        p99 = int((len(lags) - 1) * 0.99)  # of few beats, the worst is left out
        return {
            "lag_max": lags[-1],
            "lag_p99": lags[p99],
            "rss": rss_mib(os.getpid()),
            "tasks": len(asyncio.all_tasks()),
            "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
            "generators": sum(isinstance(found, AsyncGeneratorType) for found in gc.get_objects()),
        }


def _waited_seconds() -> float:
    """Return how long this thread was ready to run, and did not, so far."""
    try:
        return int(_SCHEDSTAT.read_text(encoding="ascii").split()[1]) / 1e9
    except OSError:
        return 0.0


def rss_mib(pid: int) -> float:
    """Return the resident size of a process."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def peak_mib(pid: int) -> float:
    """Return the largest resident size that a process has had."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0
