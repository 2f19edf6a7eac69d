"""What holds for every operation of an application."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pyfly.web.ports.messages import HttpMessageConverter


class Conventions(NamedTuple):
    """What holds for every operation of an application.

    Attributes:
        error_media_type: What errors are sent as.
        validation_status: The status of invalid bodies.
        converters: Who reads and writes other representations than JSON.
        settings: Returns the settings of a class.
        etags: Whether answers to GET have entity tags, so that there is 304.
        advice: The classes of ``@controller_advice`` beans, the first by ``@order`` first.
    """

    error_media_type: str
    validation_status: int = 422
    converters: Sequence[HttpMessageConverter] = ()
    settings: Callable[[type], Any] = lambda cls: cls()
    etags: bool = False
    advice: Sequence[type] = ()
