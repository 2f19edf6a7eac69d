"""Taking the port before anything else, so that a taken one is a clear start-up failure."""

import errno
import socket
from contextvars import ContextVar
from typing import Final

from pyfly.container.exceptions import BeanCreationException
from pyfly.kernel.diagnosis import Diagnosis, diagnose

_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104  # compared, not bound
_UNSENT: Final = 131_072

SHARED: Final[ContextVar[socket.socket | None]] = ContextVar("pyfly-shared-socket", default=None)
"""The socket that worker processes share, in each of them."""


class PortUnavailableError(BeanCreationException):
    """The server cannot listen where it was told to."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        """Say which address, and what the operating system answered."""
        super().__init__("web", "uvicorn", f"cannot listen on {host}:{port}: {error.strerror or error}")
        self.host = host
        self.port = port
        self.errno = error.errno


@diagnose.register
def _explain(failure: PortUnavailableError) -> Diagnosis:
    what = f"The web server cannot listen on {failure.host}, port {failure.port}."
    fix: tuple[str, ...]
    if failure.errno == errno.EADDRINUSE:
        why = f"Another process is listening on port {failure.port}."
        fix = (
            f"Stop that process (find it with: lsof -i :{failure.port}).",
            "Or set pyfly.web.port to a free port.",
        )
    elif failure.errno == errno.EACCES:
        why = f"Port {failure.port} needs privileges that this process does not have."
        fix = ("Set pyfly.web.port to a port above 1023.",)
    else:
        why = failure.reason
        fix = ("Set pyfly.web.host to an address of this machine.",)
    return Diagnosis(what, (why,), fix)


def listening(host: str, port: int) -> socket.socket:
    """Return the socket that worker processes share, or a new one bound to *host* and *port*.

    Raises:
        PortUnavailableError: The port is taken or forbidden, or the address is not ours.
    """
    shared = SHARED.get()
    return listen(host, port) if shared is None else shared.dup()


def url_of(sock: socket.socket) -> str:
    """Return the URL at which what listens on *sock* is reached from this machine."""
    host, port = sock.getsockname()[:2]
    shown = "127.0.0.1" if host in _EVERYWHERE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def interfaces(host: str) -> dict[str, str]:
    """Return what a record about listening on *host* says besides the URL, which is one of many for all addresses."""
    return {"interfaces": f"all ({host})"} if host in _EVERYWHERE else {}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to *host* and *port*.

    Raises:
        PortUnavailableError: The port is taken or forbidden, or the address is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio switches Nagle's delay off only where it sees that a connection is TCP.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _keep_little_unsent(sock)
        sock.bind((host, port))
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise PortUnavailableError(host, port, error) from error
    sock.setblocking(False)
    return sock


def _keep_little_unsent(sock: socket.socket) -> None:
    """Let the kernel copy only a part of a large response for a client that does not take it, as far as it can."""
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if option is not None:
        sock.setsockopt(socket.IPPROTO_TCP, option, _UNSENT)
