"""Tells the :class:`RequestObserver` beans about every response."""

import logging
from typing import Final

from pyfly.web.ports.stages import FAILURE, ROUTE, RequestObserver, Stage
from pyfly.web.responses import Scope
from pyfly.web.stages.parts import Parts

_log: Final = logging.getLogger("pyfly.web")


def stage(parts: Parts, order: int) -> Stage:
    """Return the stage of the application's observers."""
    container = parts.container
    observers = [container.get(definition) for definition in container.definitions_of(RequestObserver)]

    def done(scope: Scope, status: int, seconds: float) -> None:
        route, failure = scope.get(ROUTE, ""), scope.get(FAILURE)
        for observer in observers:
            try:
                observer.request_ended(scope["method"], route, status, seconds, failure)
            except Exception:  # noqa: BLE001  # the response is out: a broken observer costs nobody theirs
                _log.exception("%s failed to observe a request", type(observer).__name__)

    return Stage("observers", order, done=done)
