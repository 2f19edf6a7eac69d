"""Versions and the end of operations, for applications that have them."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pyfly.core.config.config import Config
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.routing.description import DescribedRoute

_VERSIONS = "pyfly.web.versions"
_DEPRECATIONS = "pyfly.web.versioning.deprecation"


def served(routes: Sequence[DescribedRoute], config: Config) -> Sequence[DescribedRoute]:
    """Return *routes* as they are served: with versions in paths, each of them once per version."""
    if _VERSIONS not in sys.modules:
        return routes
    from pyfly.web.versioning.choosing import Versioning  # only for applications with versions
    from pyfly.web.versioning.properties import VersioningProperties

    return Versioning(config.bind(VersioningProperties), routes).expanded(routes)


def version_parameters(plan: RoutePlan, settings: Callable[[type], Any]) -> list[dict[str, Any]]:
    """Return the parameter that chooses the version of *plan*, if it is chosen by a header or in the query."""
    if _VERSIONS not in sys.modules:
        return []
    from pyfly.web.versioning.properties import VersioningProperties
    from pyfly.web.versions import versions_of  # only for applications with versions

    spans, said = versions_of(plan.controller, plan.name), settings(VersioningProperties)
    place = {"header": ("header", said.header), "query": ("query", said.query)}.get(said.use)
    if not spans or place is None:
        return []
    examples = [".".join(map(str, span.first)) for span in spans]
    return [
        {
            "name": place[1],
            "in": place[0],
            "required": not said.default,
            "schema": {"type": "string", "examples": examples},
            "description": "The version of the API.",
        }
    ]


class MediaTypeVersions:
    """The versions of a document's operations, where media types name them."""

    def __init__(self, plans: Sequence[RoutePlan], settings: Callable[[type], Any]) -> None:
        """Look for versions in *plans*, chosen as *settings* say."""
        self._versioning: Any = None
        if _VERSIONS not in sys.modules:
            return
        from pyfly.web.versioning.choosing import Versioning  # only for applications with versions
        from pyfly.web.versioning.properties import VersioningProperties

        said = settings(VersioningProperties)
        if said.use == "media-type":
            self._routes = [_Planned(plan) for plan in plans]
            self._parameter = said.parameter
            self._versioning = Versioning(said, self._routes)

    def told(self, operation: dict[str, Any], plan: RoutePlan | None) -> dict[str, Any]:
        """Return *operation* with the versions of *plan* in the media types of its body and its success."""
        if self._versioning is None or plan is None:
            return operation
        from pyfly.web.versioning.choosing import rivals_of  # only for applications with versions
        from pyfly.web.versions import versions_of

        rivals = rivals_of(plan, self._routes)
        if not any(versions_of(each.controller, each.name) for each in rivals):
            return operation
        endings = [""] if self._versioning.is_default(plan, rivals) else []
        names = self._versioning.names_of(plan, rivals)
        endings += [f";{self._parameter}={name}" for name in names]
        found, body = dict(operation), operation.get("requestBody")
        if body is not None:
            found["requestBody"] = _versioned(body, endings)
        responses = operation["responses"]
        found["responses"] = {
            status: _versioned(answer, endings) if status < "4" and "content" in answer else answer
            for status, answer in responses.items()
        }
        if found["responses"] == responses and body is None:
            text = f"Accept names the version of the API, as in */*{endings[-1]}: {', '.join(names)}."
            found["description"] = f"{operation.get('description', '')}\n\n{text}".strip()
        return found


class _Planned(NamedTuple):
    plan: RoutePlan


def _versioned(part: dict[str, Any], endings: Sequence[str]) -> dict[str, Any]:
    content = {media + ending: said for media, said in part["content"].items() for ending in endings}
    return {**part, "content": content}


def is_chosen_by_version(plan: RoutePlan, settings: Callable[[type], Any]) -> bool:
    """Say whether requests for *plan* have to name a version somewhere but in their path."""
    if _VERSIONS not in sys.modules:
        return False
    from pyfly.web.versioning.properties import VersioningProperties
    from pyfly.web.versions import versions_of  # only for applications with versions

    return bool(versions_of(plan.controller, plan.name)) and settings(VersioningProperties).use != "path"


def announced(plan: RoutePlan) -> dict[str, Any]:
    """Return the headers by which every answer of *plan*, errors included, tells of its end."""
    said = _end_of(plan)
    if said is None:
        return {}
    found = {"Deprecation": "Since when it is deprecated (RFC 9745)."}
    if said.sunset:
        found["Sunset"] = "When it stops working (RFC 8594)."
    if said.link:
        found["Link"] = "Where its deprecation is explained."
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in found.items()}


def deprecation(plan: RoutePlan) -> dict[str, Any]:
    """Return what the operation of *plan* says of its end."""
    said = _end_of(plan)
    if said is None:
        return {}
    return {
        "deprecated": True,
        **({"x-sunset": said.sunset.isoformat()} if said.sunset else {}),
        **({"externalDocs": {"url": said.link}} if said.link else {}),
    }


def _end_of(plan: RoutePlan) -> Any:
    if _DEPRECATIONS not in sys.modules:
        return None
    from pyfly.web.versioning.deprecation import deprecation_of  # only for applications with deprecations

    return deprecation_of(plan.controller, plan.name)
