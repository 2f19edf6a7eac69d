"""What the harness asks of the machine: cores, memory, versions."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

PINNING: Final = hasattr(os, "sched_setaffinity")


def cores() -> tuple[int, ...]:
    """Return the cores that this process may use, or nothing where the system does not tell."""
    return tuple(sorted(os.sched_getaffinity(0))) if PINNING else ()


class Cores:
    """Keeps the measured processes on one core and the harness on another, where the system allows it."""

    def __init__(self) -> None:
        available = cores()
        self.pinned = len(available) > 1
        self._own = available[:1]
        self._measured = available[-1:]

    def for_child(self) -> None:
        """Move to the measured core: a process spawned now starts its life there."""
        if self.pinned:
            os.sched_setaffinity(0, self._measured)

    def for_harness(self) -> None:
        """Move back to the core of the harness."""
        if self.pinned:
            os.sched_setaffinity(0, self._own)


def memory_mib(field: str, pid: int | str = "self") -> float | None:
    """Return ``VmHWM`` (peak) or ``VmRSS`` (now) of a process in MiB, or nothing where ``/proc`` is missing."""
    try:
        with Path(f"/proc/{pid}/status").open(encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith(field)), None)
    except OSError:
        return None


def cpu_seconds(pid: int) -> float | None:
    """Return the processor time that a process has used, in user and system mode, or nothing without ``/proc``."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def versions(distributions: set[str]) -> dict[str, str]:
    """Return the installed version of each distribution; a missing one says so."""
    found = {}
    for name in sorted(distributions):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def description(*, pinned: bool) -> dict[str, str]:
    """Describe the machine in words that name nobody's machine."""
    return {
        "cores": str(len(cores()) or os.cpu_count()),
        "pinned": "yes" if pinned else "no",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}",
    }
