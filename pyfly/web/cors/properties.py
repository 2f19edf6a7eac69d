"""The settings of CORS."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record, attribute

_TEN_MINUTES: Final = timedelta(minutes=10)


class CORSConfig(Record):
    """What pages of other origins may do. Origins are compared exactly: scheme, host and port.

    Attributes:
        allowed_origins: ``https://shop.example``, or ``*`` for every origin that has a name.
        allowed_methods: The methods that a preflight admits; ``*`` for all.
        allowed_headers: The request headers that a preflight admits; ``*`` for all.
        allow_credentials: Whether cookies may be sent; origins must be named then.
        exposed_headers: The response headers that pages may read.
        max_age: How many seconds a browser may keep the answer to a preflight.
    """

    allowed_origins: Sequence[str] = attribute(default_factory=lambda: ["*"])
    allowed_methods: Sequence[str] = attribute(default_factory=lambda: ["GET"])
    allowed_headers: Sequence[str] = attribute(default_factory=lambda: ["*"])
    allow_credentials: bool = False
    exposed_headers: Sequence[str] = attribute(default_factory=list)
    max_age: int = 600


@config_properties("pyfly.web.cors")
class CorsProperties(Record, kw_only=True):
    """What pages of other origins may do."""

    enabled: Annotated[bool, Doc("Answer preflights and let other origins read responses.")] = False
    allowed_origins: Annotated[
        tuple[str, ...], Doc("Origins like https://shop.example, compared exactly; * for every one.")
    ] = ("*",)
    allowed_methods: Annotated[tuple[str, ...], Doc("Methods; * for all.")] = ("GET",)
    allowed_headers: Annotated[tuple[str, ...], Doc("Request headers; * for all.")] = ("*",)
    exposed_headers: Annotated[tuple[str, ...], Doc("Response headers that pages may read.")] = ()
    allow_credentials: Annotated[bool, Doc("Cookies may be sent; origins must be named then.")] = False
    max_age: Annotated[timedelta, Doc("How long browsers keep the answer to a preflight.")] = _TEN_MINUTES

    def config(self) -> CORSConfig:
        """Return the settings in the form that ``create_app(cors=...)`` takes."""
        return CORSConfig(
            allowed_origins=self.allowed_origins,
            allowed_methods=self.allowed_methods,
            allowed_headers=self.allowed_headers,
            allow_credentials=self.allow_credentials,
            exposed_headers=self.exposed_headers,
            max_age=int(self.max_age.total_seconds()),
        )
