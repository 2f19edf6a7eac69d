"""Several processes that serve one application: forked from one parent, which starts, watches and stops them."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from socket import socket
from typing import Final, NoReturn

from pyfly.core.config.config import Config
from pyfly.core.sockets import SHARED, listen
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.logging.event_logger import EventLogger

Ready = Callable[[], None]
Work = Callable[[Ready], None]
"""What a worker does until SIGTERM; it calls its argument once it can serve."""

_WATCHED: Final = frozenset({signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGALRM})
_OVERTIME: Final = 2.0
"""Seconds beyond the limit after which a worker that does not end is killed."""
_BREATH: Final = 0.5
"""Seconds before a worker that has died is replaced."""


class Workers:
    """Keeps *count* processes at work. The first has to be ready before the others are started.

    So an application that cannot start says so once. A worker that dies is replaced; one that cannot start
    stops all of them.
    """

    def __init__(
        self, count: int, work: Work, shared: socket, limit: timedelta, clock: Clock | None = None
    ) -> None:
        """Run *work* in *count* processes that share a socket and get *limit* to stop."""
        self._count = count
        self._clock = clock or SystemClock()
        self._work = work
        self._shared = shared
        self._limit = limit.total_seconds()
        self._starting: dict[int, int] = {}
        self._ready: set[int] = set()
        self._code = 0
        self._is_stopping = False
        self._deadline = 0.0
        self._log = EventLogger("pyfly.core")

    def run(self) -> int:
        """Work until told to stop by SIGTERM or SIGINT, and return the exit code."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        self._mask = before
        self._alive, self._lifeline = os.pipe()
        try:
            self._start()
            while self._starting or self._ready:
                self._deal_with(signal.sigwait(_WATCHED))
        finally:
            os.close(self._alive)
            os.close(self._lifeline)
            os.setpgid(0, 0)  # a terminal tells the parent to stop, and only the parent tells the workers
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return self._code

    def _deal_with(self, number: int) -> None:
        if number == signal.SIGCHLD:
            self._reap()
        elif number in (signal.SIGTERM, signal.SIGINT):
            self._stop()
        elif self._is_stopping:
            # The timer of the start may have gone off just before the stop set it to the limit.
            if self._clock.monotonic() >= self._deadline:
                self._code = 1
                self._tell(signal.SIGKILL)
        else:
            self._look_for_ready()

    def _start(self) -> None:
        """Start one process, and look twenty times a second whether it is ready."""
        ready, say_ready = os.pipe()
        os.set_blocking(ready, False)
        number = os.fork()
        if number == 0:
            os.close(ready)
            self._become_worker(say_ready)
        os.close(say_ready)
        self._starting[number] = ready
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.05)

    def _look_for_ready(self) -> None:
        for number, pipe in tuple(self._starting.items()):
            with suppress(BlockingIOError):
                if os.read(pipe, 1):
                    os.close(self._starting.pop(number))
                    self._ready.add(number)
        if not self._starting:
            signal.setitimer(signal.ITIMER_REAL, 0)
            while len(self._ready) + len(self._starting) < self._count:
                self._start()

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._ended(ended[0], os.waitstatus_to_exitcode(ended[1]))

    def _ended(self, number: int, code: int) -> None:
        pipe = self._starting.pop(number, None)
        if pipe is not None:
            os.close(pipe)
        was_ready = number in self._ready
        self._ready.discard(number)
        if self._is_stopping:
            # One that has not come as far as to handle signals yet ends by this one.
            self._code = self._code or (0 if code in (0, -signal.SIGTERM) else 1)
        elif not was_ready:
            self._code = 1 if code else 0
            self._stop()
        elif code:
            self._log.error("worker_died", worker=number, exit_code=code)
            threading.Event().wait(_BREATH)
            self._start()

    def _stop(self) -> None:
        self._is_stopping = True
        self._tell(signal.SIGTERM)
        limit = self._limit + _OVERTIME
        self._deadline = self._clock.monotonic() + limit
        signal.setitimer(signal.ITIMER_REAL, limit + 0.01, 0.1)

    def _tell(self, number: int) -> None:
        for worker in (*self._starting, *self._ready):
            with suppress(ProcessLookupError):
                os.kill(worker, number)

    def _become_worker(self, say_ready: int) -> NoReturn:
        code = 1
        try:
            os.close(self._lifeline)
            os.setpgid(0, 0)  # a terminal tells the parent to stop, and only the parent tells the workers
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
            threading.Thread(target=_end_with, args=(self._alive,), daemon=True).start()
            SHARED.set(self._shared)
            self._work(lambda: _say(say_ready))
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # noqa: BLE001  # this process ends here, whatever it was
            sys.excepthook(*sys.exc_info())
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            os._exit(code)


def _say(pipe: int) -> None:
    with suppress(OSError):
        os.write(pipe, b"1")
        os.close(pipe)


def _end_with(lifeline: int) -> None:
    """Stop this process when its parent is gone: only the parent holds the other end."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def served_by_workers(config: Config, count: int, work: Work) -> int:
    """Listen where *config* says, have *count* processes do *work*, and return the exit code.

    Raises:
        PortUnavailableError: The address cannot be listened on.
    """
    keys = ("pyfly.web.shutdown-timeout", "pyfly.context.shutdown-timeout", "pyfly.web.shutdown-delay")
    limit = sum((config.get(key, timedelta(), type=timedelta) or timedelta() for key in keys), timedelta())
    with listen(
        str(config.get("pyfly.web.host", "127.0.0.1")), config.get("pyfly.web.port", 8080, type=int) or 0
    ) as sock:
        return Workers(count, work, sock, limit).run()
