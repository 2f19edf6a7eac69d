"""The places of middleware, in a module of their own: the start of every application reads them."""

from typing import Final


class MiddlewareOrder:
    """Where each kind of middleware sits; the lowest ``@order`` is outermost. Yours is 0 unless it says so."""

    LOGGING: Final = -500
    METRICS: Final = -400
    AUTHORIZATION: Final = -300
    VALIDATION: Final = -200
    CACHE: Final = -100
    RETRY: Final = 100
    TRANSACTION: Final = 200
