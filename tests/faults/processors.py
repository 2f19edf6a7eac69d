"""Measuring on a machine that has something else to do."""

import os
from contextlib import suppress
from pathlib import Path

_THIS = 0


def take_precedence(process: int = _THIS, *, processor: int | None = None) -> None:
    """Put *process* and its children before everything else, as far as that is allowed; on one processor if that is told."""
    allowed = sorted(os.sched_getaffinity(process))
    for each in (process, *_children(process)):
        if processor is not None:
            os.sched_setaffinity(each, {allowed[processor % len(allowed)]})
        with suppress(PermissionError):
            os.sched_setscheduler(each, os.SCHED_FIFO, os.sched_param(1))


def _children(process: int) -> list[int]:
    place = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in place.read_text(encoding="ascii").split()] if process != _THIS else []
