"""Chooses among the handlers of one method and path by the version that a request names."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol

from pyfly.core.config.errors import ConfigurationError
from pyfly.kernel.exceptions import InvalidRequestException, ResourceNotFoundException
from pyfly.kernel.record import copy_with
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.readers import parse_query
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope
from pyfly.web.routing.description import DescribedRoute
from pyfly.web.routing.templates import join, shape_of
from pyfly.web.versioning.deprecation import CONTENT_TYPE, announcing
from pyfly.web.versioning.properties import VersioningProperties
from pyfly.web.versions import Version, Versions, nearest, parsed, versions_of

_FIRST_ERROR: Final = 400

Compile = Callable[[Sequence[DescribedRoute]], Endpoint]
"""Makes the endpoint of routes that differ in media types at most."""


class Planned(Protocol):
    """A route, as far as its version is concerned."""

    @property
    def plan(self) -> RoutePlan:
        """What it answers, and which handler does."""


class Versioning:
    """The versions of one application."""

    def __init__(self, properties: VersioningProperties, routes: Iterable[Planned]) -> None:
        """Take the versions that *routes* name for those that there are.

        Raises:
            ConfigurationError: A setting is not a version.
        """
        self._properties = properties
        named = {".".join(map(str, span.first)): span.first for route in routes for span in _versions(route)}
        self._default = _configured(properties.default, "default") if properties.default else None
        others = {text: _configured(text, "supported") for text in properties.supported}
        if self._default is not None:
            others[properties.default] = self._default
        # A version has one name, which is that of the settings if it is there.
        by_version = {version: text for text, version in {**named, **others}.items()}
        self._known = {text: version for version, text in sorted(by_version.items())}
        self._versions = frozenset(by_version)
        self._parameters: dict[Version | None, bytes] = {
            version: f";{properties.parameter}={text}".encode("latin-1")
            for version, text in by_version.items()
        }

    def expanded(self, routes: Sequence[DescribedRoute]) -> Sequence[DescribedRoute]:
        """Return *routes* as they are served: with versions in paths, each of them once per version."""
        if self._properties.use != "path":
            return routes
        return [served for route in routes for served in self._paths_of(route, routes)]

    def _paths_of(self, route: DescribedRoute, routes: Sequence[DescribedRoute]) -> Iterator[DescribedRoute]:
        if not _versions(route):
            yield route
            return
        rivals = rivals_of(route.plan, routes)
        versioned = [item for item in rivals if versions_of(item.controller, item.name)]
        for text in self.names_of(route.plan, versioned):
            path = join(f"/{self._properties.path_prefix}{text}", route.plan.path)
            yield DescribedRoute(copy_with(route.plan, path=path), route.definition)
        # A path without a version is that of a handler without one, if there is any.
        if len(versioned) == len(rivals) and self.is_default(route.plan, rivals):
            yield route

    def names_of(self, plan: RoutePlan, rivals: Sequence[RoutePlan]) -> list[str]:
        """Return the versions for which *plan* is chosen among *rivals*, by their names."""
        return [text for text, version in self._known.items() if self._is_chosen(plan, rivals, version)]

    def is_default(self, plan: RoutePlan, rivals: Sequence[RoutePlan]) -> bool:
        """Say whether *plan* is chosen among *rivals* for requests that name no version."""
        if self._default is None:
            return not versions_of(plan.controller, plan.name)
        return self._is_chosen(plan, rivals, self._default)

    @staticmethod
    def _is_chosen(plan: RoutePlan, rivals: Sequence[RoutePlan], version: Version) -> bool:
        spans = [versions_of(item.controller, item.name) for item in rivals]
        chosen = nearest(enumerate(spans), version)
        return chosen is not None and spans[chosen] == versions_of(plan.controller, plan.name)

    def endpoint(self, routes: Sequence[DescribedRoute], compile_group: Compile) -> Endpoint:
        """Return the endpoint of *routes*, which share method and path."""
        groups: dict[Versions, list[DescribedRoute]] = {}
        for route in routes:
            spans = () if self._properties.use == "path" else _versions(route)
            groups.setdefault(spans, []).append(route)
        endpoints = [(spans, compile_group(found)) for spans, found in groups.items()]
        if len(endpoints) == 1 and not endpoints[0][0]:
            return endpoints[0][1]
        return announcing(self._choosing(endpoints), self._vary())

    def _choosing(self, endpoints: Sequence[tuple[Versions, Endpoint]]) -> Endpoint:
        spans = [(number, versions) for number, (versions, _) in enumerate(endpoints)]
        every = next((endpoint for versions, endpoint in endpoints if not versions), None)
        chosen = {
            version: endpoints[number][1]
            for version in self._versions
            if (number := nearest(spans, version)) is not None
        }

        async def choose(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
            version = self._wanted(self._named(scope))
            endpoint = every if version is None else chosen.get(version)
            if endpoint is None:
                raise self._refusal(version)
            return await endpoint(scope, receive, path)

        async def choose_and_tell(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
            reply = await choose(scope, receive, path)
            text = self._named(scope)
            if text is not None and (not isinstance(reply, tuple) or reply[0] < _FIRST_ERROR):
                scope[CONTENT_TYPE] = self._parameters[self._wanted(text)]
            return reply

        return choose_and_tell if self._properties.use == "media-type" else choose

    def _wanted(self, text: str | None) -> Version | None:
        if text is None:
            return self._default
        version = parsed(text)
        if version is None or version not in self._versions:
            shown = ", ".join(self._known)
            raise InvalidRequestException(
                f"There is no such version of the API; there are {shown}", code="UNKNOWN_API_VERSION"
            )
        return version

    def _refusal(self, version: Version | None) -> Exception:
        if version is None:
            return InvalidRequestException(
                f"The request names no version of the API ({self._properties.use})",
                code="API_VERSION_REQUIRED",
            )
        return ResourceNotFoundException("There is nothing at this path in this version", code="NOT_FOUND")

    def _named(self, scope: Scope) -> str | None:
        if self._properties.use == "query":
            found = parse_query(scope["query_string"]).get(self._properties.query)
            return str(found[-1]) if found else None
        names = (
            (b"content-type", b"accept")
            if self._properties.use == "media-type"
            else (self._properties.header.lower().encode("latin-1"),)
        )
        values = [value.decode("latin-1") for name, value in scope["headers"] if name in names]
        if self._properties.use == "header":
            return str(values[0]).strip() if values else None
        wanted = self._properties.parameter.lower()
        for value in values:
            for part in value.replace(",", ";").split(";"):
                name, _, text = part.partition("=")
                if name.strip().lower() == wanted:
                    return str(text).strip().strip('"')
        return None

    def _vary(self) -> RawHeaders:
        if self._properties.use == "header":
            return [(b"vary", self._properties.header.encode("latin-1"))]
        return [(b"vary", b"accept")] if self._properties.use == "media-type" else []


def rivals_of(plan: RoutePlan, routes: Iterable[Planned]) -> list[RoutePlan]:
    """Return those of *routes* that answer the same method and path as *plan*, itself included."""
    shape = plan.method, shape_of(plan.path)
    return [item.plan for item in routes if (item.plan.method, shape_of(item.plan.path)) == shape]


def _versions(route: Planned) -> Versions:
    return versions_of(route.plan.controller, route.plan.name)


def _configured(text: str, name: str) -> Version:
    version = parsed(text)
    if version is None:
        raise ConfigurationError(
            f"{text!r} is not a version",
            key=f"pyfly.web.versioning.{name}",
            fix="Write versions like 2, 1.5 or 2026-05-01.",
        )
    return version
