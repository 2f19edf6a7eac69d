"""What a server answers by itself, in the words of the application and with the headers of its responses."""

from collections.abc import Sequence
from typing import Any, Final

from pyfly.core.asgi import Message, Refusal
from pyfly.web.errors.exceptions import ServerRefusal
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.ports.stages import Done, HeaderWriter
from pyfly.web.responses import RawHeaders
from pyfly.web.routing.request_id import RequestIds, current_request_id

GIVEN_UP: Final = "pyfly.given_up"
"""Where a scope keeps the status and the id of the answer with which the server gave the request up."""

_UNKNOWN: Final = {"method": "", "path": "", "query_string": b"", "scheme": "http", "headers": ()}


class Refusals:
    """Words the refusals of a server."""

    def __init__(
        self,
        translator: ErrorTranslator,
        ids: RequestIds | None,
        writers: Sequence[HeaderWriter],
        observers: Sequence[Done],
    ) -> None:
        """Translate with *translator*; ask *ids* and *writers* for headers, and tell *observers*."""
        self._translator = translator
        self._ids = ids
        self._writers = writers
        self._observers = observers

    def answer(
        self, refusal: Refusal, scope: Message | None, *, begun: bool
    ) -> tuple[int, RawHeaders, bytes]:
        """Return the answer to the request of *scope*, as far as that is known.

        If the application has *begun* to work on it, it tells the observers itself as soon as it notices.
        """
        known: dict[str, Any] = {**_UNKNOWN, **(scope or {})}
        request_id = self._ids.of(known) if self._ids is not None else ""
        token = current_request_id.set(request_id)
        try:
            failure = ServerRefusal(
                refusal.status, refusal.message, code=refusal.code, headers=refusal.headers
            )
            status, headers, body = self._translator.reply(failure, known, request_id)
            for write in self._writers:
                write(known, headers)
            if begun and scope is not None:
                scope[GIVEN_UP] = status, request_id
            else:
                for tell in self._observers:
                    tell(known, status, 0.0)
        finally:
            current_request_id.reset(token)
        return status, headers, body
