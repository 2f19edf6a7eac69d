"""Samples from a living process that calls ASGI applications without a server."""

from benchmarks.drivers.warm import WarmDriver


class AsgiDriver(WarmDriver):
    """Keeps one process with the applications of a contender alive for the whole run."""

    child = "benchmarks.children.asgi"
