"""Where the server listens; the sockets themselves are made in :mod:`pyfly.core.sockets`."""

from pyfly.core.sockets import PortUnavailableError, listen

__all__ = ["PortUnavailableError", "listen"]
