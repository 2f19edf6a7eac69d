"""Applications written to disk for one test, and what must not be left when they have failed."""

import asyncio
import gc
import itertools
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pyfly.core import PyFlyApplication, pyfly_application

HERE = "# here"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Written:
    """An application in a directory: a module, whose name nobody has used before, and a configuration."""

    directory: Path
    module: str

    def build(self, args: Sequence[str] = ()) -> PyFlyApplication:
        mark = pyfly_application(name="faulty", scan_packages=["tests.faults.adapters", self.module])
        return PyFlyApplication(mark(type("Faulty", (), {})), config_path=self.directory, args=args)

    def place(self) -> str:
        """The file and line that is marked with ``# here``, as reports name it, or an empty text."""
        for file in (self.directory / f"{self.module}.py", self.directory / "pyfly.yaml"):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                if line.rstrip().endswith(HERE):
                    return f"{file.name}:{number}"
        return ""


@contextmanager
def written(directory: Path, code: str, config: str = "") -> Iterator[Written]:
    """Write an application into *directory*; its module is forgotten afterwards."""
    module = f"faulty_{os.getpid()}_{next(_NUMBERS)}"
    (directory / f"{module}.py").write_text(code, encoding="utf-8")
    (directory / "pyfly.yaml").write_text(config, encoding="utf-8")
    sys.path.insert(0, str(directory))
    try:
        yield Written(directory, module)
    finally:
        sys.path.remove(str(directory))
        sys.modules.pop(module, None)


@dataclass(frozen=True)
class Holdings:
    """What a process holds: tasks of the running loop, threads, and open files and sockets."""

    tasks: frozenset[str]
    threads: frozenset[str]
    files: frozenset[str]

    @classmethod
    def now(cls) -> "Holdings":
        gc.collect()
        try:
            running = {str(task) for task in asyncio.all_tasks() if task is not asyncio.current_task()}
        except RuntimeError:
            running = set()
        return cls(
            frozenset(running),
            frozenset(str(thread) for thread in threading.enumerate()),
            frozenset(_open_files()),
        )

    def left(self, before: "Holdings") -> list[str]:
        """What is held now and was not held *before*."""
        pairs = ((self.tasks, before.tasks), (self.threads, before.threads), (self.files, before.files))
        return sorted(each for now, then in pairs for each in now - then)


def _open_files() -> Iterator[str]:
    directory = Path("/proc/self/fd")
    for entry in list(directory.iterdir()) if directory.is_dir() else []:
        with suppress(OSError):  # the one that listed the directory
            yield f"{entry.name} -> {entry.readlink()}"
