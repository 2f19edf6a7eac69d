"""The measured process of a warm area: one contender, its rows timed in slices when the harness asks."""

import asyncio
import gc
import inspect
import json
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import repeat
from time import perf_counter
from typing import Any

from benchmarks.machine import memory_mib

Slice = Callable[[int], float]


def serve(make: Callable[..., "Worker"]) -> None:
    """Serve requests with the worker that *make* returns, one JSON line each, until standard input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr
    worker = make(*sys.argv[1:])
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(_served(worker, request)), file=answers, flush=True)


def _served(worker: "Worker", request: dict[str, Any]) -> dict[str, Any]:
    try:
        return worker.serve(**request)
    except Exception as failure:
        return {"error": f"{type(failure).__name__}: {failure}"}


class Worker:
    """Times the rows of one contender."""

    def __init__(self, package: str, contender: str, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._loop = loop or asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._module = import_module(f"{package}.{contender}")
        self._check = import_module(f"{package}.checks").check
        self._calls: dict[str, int] = {}

    def serve(self, row: str, seconds: float) -> dict[str, float | None]:
        """Time one slice of *row* that lasts about *seconds*; the first request proves the answer before."""
        work = self._work(row)
        if row not in self._calls:
            self._check(row, self._answering(row))
            self._calls[row] = _calibrated(work, seconds)
        calls = self._calls[row]
        gc.collect()
        return {"time": work(calls) / calls * 1e9, "memory": memory_mib("VmHWM")}

    def _work(self, row: str) -> Slice:
        function = getattr(self._module, row)
        if not inspect.iscoroutinefunction(function):
            return lambda calls: _spin(function, calls)
        return lambda calls: self._loop.run_until_complete(_aspin(function, calls))

    def _answering(self, row: str) -> Callable[[], object]:
        function = getattr(self._module, row)
        if not inspect.iscoroutinefunction(function):
            answering: Callable[[], object] = function
            return answering
        return lambda: self._loop.run_until_complete(function())


def _spin(function: Callable[[], object], calls: int) -> float:
    start = perf_counter()
    for _ in repeat(None, calls):
        function()
    return perf_counter() - start


async def _aspin(function: Callable[[], Any], calls: int) -> float:
    start = perf_counter()
    for _ in repeat(None, calls):
        await function()
    return perf_counter() - start


def _calibrated(work: Slice, seconds: float) -> int:
    calls = 1
    while (took := work(calls)) < seconds / 4:
        calls *= 2
    return max(1, round(calls * seconds / took))


if __name__ == "__main__":
    serve(Worker)
