"""Chooses among the handlers of one method and path by the version that a request names."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from pyfly.core.config.errors import ConfigurationError
from pyfly.kernel.exceptions import InvalidRequestException, ResourceNotFoundException
from pyfly.kernel.record import copy_with
from pyfly.web.binding.readers import parse_query
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope
from pyfly.web.routing.description import DescribedRoute
from pyfly.web.routing.templates import join
from pyfly.web.versioning.deprecation import announcing
from pyfly.web.versioning.properties import VersioningProperties
from pyfly.web.versions import Version, Versions, nearest, parsed, versions_of

Compile = Callable[[Sequence[DescribedRoute]], Endpoint]
"""Makes the endpoint of routes that differ in media types at most."""


class Versioning:
    """The versions of one application."""

    def __init__(self, properties: VersioningProperties, routes: Iterable[DescribedRoute]) -> None:
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

    def expanded(self, routes: Sequence[DescribedRoute]) -> Sequence[DescribedRoute]:
        """Return *routes* as they are served: with versions in paths, each of them once per version."""
        if self._properties.use != "path":
            return routes
        return [served for route in routes for served in self._paths_of(route, routes)]

    def _paths_of(self, route: DescribedRoute, routes: Sequence[DescribedRoute]) -> Iterator[DescribedRoute]:
        spans = _versions(route)
        if not spans:
            yield route
            return
        rivals = [
            item
            for item in routes
            if (item.plan.method, item.plan.path) == (route.plan.method, route.plan.path) and _versions(item)
        ]
        for text, version in self._known.items():
            chosen = nearest([(at, _versions(item)) for at, item in enumerate(rivals)], version)
            if chosen is not None and _versions(rivals[chosen]) == spans:
                path = join(f"/{self._properties.path_prefix}{text}", route.plan.path)
                yield DescribedRoute(copy_with(route.plan, path=path), route.definition)

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
            version = self._wanted(scope)
            endpoint = every if version is None else chosen.get(version)
            if endpoint is None:
                raise self._refusal(version)
            return await endpoint(scope, receive, path)

        return choose

    def _wanted(self, scope: Scope) -> Version | None:
        text = self._named(scope)
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


def _versions(route: DescribedRoute) -> Versions:
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
