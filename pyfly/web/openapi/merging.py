"""Several routes behind one verb and path, told apart by media type or version, are one operation."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def merged(first: Json, second: Json) -> dict[str, Any]:
    """Return the operation that is either *first* or *second*; who it is, the first one says."""
    found = {**second, **first}
    parameters = _parameters(first.get("parameters", ()), second.get("parameters", ()))
    if parameters:
        found["parameters"] = parameters
    if "requestBody" in found:
        found["requestBody"] = _body(first.get("requestBody"), second.get("requestBody"))
    found["responses"] = _responses(first["responses"], second["responses"])
    if not (first.get("deprecated") and second.get("deprecated")):
        found.pop("deprecated", None)
    return found


def _parameters(first: Any, second: Any) -> list[Json]:
    found = {(each["in"], each["name"]): each for each in (*second, *first)}
    shared = {_key(each) for each in first} & {_key(each) for each in second}
    ordered = dict.fromkeys([*map(_key, first), *map(_key, second)])
    return [{**found[key], "required": bool(found[key].get("required")) and key in shared} for key in ordered]


def _key(parameter: Json) -> tuple[str, str]:
    return parameter["in"], parameter["name"]


def _body(first: Json | None, second: Json | None) -> dict[str, Any]:
    bodies = [each for each in (first, second) if each is not None]
    content: dict[str, Any] = {}
    for each in bodies:
        content |= _new(each["content"], content)
    return {"required": len(bodies) > 1 and all(each["required"] for each in bodies), "content": content}


def _responses(first: Json, second: Json) -> dict[str, Any]:
    statuses = sorted({*first, *second} - {"default"})
    found: dict[str, Any] = {}
    for status in [*statuses, *(["default"] if "default" in first else [])]:
        one, other = first.get(status, {}), second.get(status, {})
        content = {**one.get("content", {}), **_new(other.get("content", {}), one.get("content", {}))}
        headers = {**other.get("headers", {}), **one.get("headers", {})}
        parts = {key: value for key, value in (("headers", headers), ("content", content)) if value}
        found[status] = {**other, **one, **parts}
    return found


def _new(content: Json, known: Json) -> Json:
    return {media_type: each for media_type, each in content.items() if media_type not in known}
