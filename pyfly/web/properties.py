"""The settings of the web layer."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, NamedTuple

from pyfly.core.config import DataSize, Doc, config_properties
from pyfly.kernel.bounds import Ge, Le
from pyfly.kernel.record import Record, attribute


class TrailingSlash(StrEnum):
    """What happens to a path that differs from a route only by its last slash."""

    REDIRECT = "redirect"
    STRICT = "strict"
    IGNORE = "ignore"


class ErrorFormat(StrEnum):
    """The form of error bodies."""

    PROBLEM = "problem"
    ENVELOPE = "envelope"


class ResponseValidation(StrEnum):
    """Which results of handlers are held against their return annotations, constraints included."""

    OFF = "off"
    SAMPLED = "sampled"
    STRICT = "strict"


_PRODUCTION: Final = frozenset({"production", "prod"})
_ONE_MEGABYTE: Final = DataSize(1024 * 1024)


class _Pattern(NamedTuple):
    """What a text has to look like."""

    pattern: str


Switch = bool | Literal["auto"]
"""On, off, or decided by the circumstances that the setting documents."""


def in_production(active_profiles: Iterable[str]) -> bool:
    """Say whether a profile is active that makes defaults cautious."""
    return not _PRODUCTION.isdisjoint(active_profiles)


class DocsProperties(Record, kw_only=True):
    """The OpenAPI document and its pages."""

    enabled: Annotated[
        Switch, Doc("Serve /openapi.json, /docs and /redoc; auto: not in profile production.")
    ] = "auto"

    def are_served(self, active_profiles: Iterable[str]) -> bool:
        """Say whether the document and its pages are served while *active_profiles* are active."""
        return self.enabled if isinstance(self.enabled, bool) else not in_production(active_profiles)


class ErrorProperties(Record, kw_only=True):
    """How errors are reported to clients."""

    format: Annotated[ErrorFormat, Doc("problem (RFC 9457) or envelope; an ErrorRenderer bean wins.")] = (
        ErrorFormat.PROBLEM
    )
    validation_status: Annotated[
        int, Ge(400), Le(499), Doc("The status of a body that breaks its constraints.")
    ] = 422


class Naming(StrEnum):
    """How names are written."""

    SNAKE = "snake"
    CAMEL = "camel"


class JsonProperties(Record, kw_only=True):
    """The JSON that the framework itself writes."""

    naming: Annotated[
        Naming, Doc("The names of the fields of pages: snake (total_pages) or camel (totalPages).")
    ] = Naming.SNAKE


class RequestIdProperties(Record, kw_only=True):
    """The id that each request has."""

    enabled: Annotated[bool, Doc("Give every request an id and send it back.")] = True
    header: Annotated[str, Doc("The header that carries the id, in requests and responses.")] = (
        "X-Transaction-Id"
    )


class StaticLocation(Record, kw_only=True):
    """A directory whose files are served."""

    path: Annotated[str, Doc("The path below which the files are found.")]
    directory: Annotated[str, Doc("The directory, relative to the configuration file.")]
    index: Annotated[str, Doc("The file that stands for a directory; empty: none.")] = "index.html"
    cache_control: Annotated[str, Doc("The Cache-Control header of the files; empty: none.")] = ""


@config_properties("pyfly.web")
class WebProperties(Record, kw_only=True):
    """``pyfly.web``: the HTTP server and what it serves."""

    enabled: Annotated[Switch, Doc("Serve HTTP; auto: when there is a controller.")] = "auto"
    adapter: Annotated[
        Literal["auto", "starlette", "none"],
        Doc("Whose requests and responses are used; auto: starlette, if it is installed; none: no HTTP."),
    ] = "auto"
    host: Annotated[str, Doc("The address to listen on.")] = "0.0.0.0"  # noqa: S104  # the documented default
    port: Annotated[int, Ge(0), Le(65535), Doc("The port to listen on; 0 takes a free one.")] = 8080
    workers: Annotated[int, Ge(1), Doc("How many processes serve; used by `pyfly run`.")] = 1
    base_path: Annotated[
        str,
        # Nothing is bound to a variable in it.
        _Pattern("^(/[^{}]*)?$"),
        Doc("Put before the path of every route; begins with a slash, as in /api."),
    ] = ""
    trailing_slash: Annotated[
        TrailingSlash, Doc("redirect (308), strict (404) or ignore a last slash that no route has.")
    ] = TrailingSlash.REDIRECT
    max_body_size: Annotated[DataSize, Doc("Larger request bodies are refused with 413.")] = _ONE_MEGABYTE
    sync_threads: Annotated[int, Ge(1), Doc("How many handlers that are not async run at the same time.")] = (
        40
    )
    sync_queue: Annotated[
        int, Ge(0), Doc("How many more of them wait for their turn; the rest are refused with 503.")
    ] = 1000
    shutdown_timeout: Annotated[
        timedelta, Doc("How long requests may go on after the server was told to stop.")
    ] = timedelta(seconds=20)
    shutdown_delay: Annotated[
        timedelta, Doc("How long to go on as before, but not ready, so that load balancers notice.")
    ] = timedelta(0)
    server: Annotated[Literal["uvicorn", "granian"], Doc("What serves.")] = "uvicorn"
    debug: Annotated[bool, Doc("Show exceptions to clients; refused in profile production.")] = False
    trusted_hosts: Annotated[
        tuple[str, ...], Doc("The hosts that are served, like example.com or *.example.com; empty: all.")
    ] = ()
    trusted_proxies: Annotated[
        tuple[str, ...], Doc("Addresses and networks of proxies whose forwarded headers are believed.")
    ] = ()
    forwarded_headers: Annotated[
        Literal["x-forwarded", "forwarded"],
        Doc("Which headers these proxies write; the others are never read, as they may be the client's own."),
    ] = "x-forwarded"
    response_validation: Annotated[
        ResponseValidation,
        Doc("Validate results: off, sampled (bad ones are logged) or strict (bad ones are 500)."),
    ] = ResponseValidation.OFF
    response_sample: Annotated[
        int, Ge(1), Doc("One result in how many is validated if they are sampled.")
    ] = 100
    static: Annotated[
        tuple[StaticLocation, ...], Doc("Directories that are served if no route matches.")
    ] = ()
    docs: DocsProperties = attribute(default_factory=DocsProperties)
    json: JsonProperties = attribute(default_factory=JsonProperties)
    errors: ErrorProperties = attribute(default_factory=ErrorProperties)
    request_id: RequestIdProperties = attribute(default_factory=RequestIdProperties)
