"""The routing rules, written down a second time: slow, one route after the other, from the bytes of the request."""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from tests.faults.routing_app import ROUTES

TRUSTED = ("shop.example", "*.cdn.example")
URL_LIMIT = 8192

_RANKS = {"static": 0, "int": 1, "uuid": 2, "float": 3, "str": 4, "path": 5}
_UUID = r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
_ACCEPTS = {"int": r"-?[0-9]+", "uuid": _UUID, "float": r"-?[0-9]+(\.[0-9]+)?", "str": r"(?s:.+)"}
_VARIABLE = re.compile(r"\{\w+(?::(\w+))?\}")


class Outcome(NamedTuple):
    status: int
    route: str = ""
    values: tuple[str, ...] = ()
    allow: frozenset[str] = frozenset()


class Candidate(NamedTuple):
    ranks: tuple[int, ...]
    method: str
    template: str
    values: tuple[str, ...]


def expected(method: str, target: bytes, hosts: list[bytes]) -> Outcome:
    """Return what the application has to do with a request."""
    raw, _, query = target.partition(b"?")
    if len(raw) + len(query) > URL_LIMIT:
        return Outcome(414)
    if not _is_trusted(hosts):
        return Outcome(400)
    parts = _decoded(raw)
    if parts is None:
        return Outcome(400)
    found = _candidates(parts)
    if found:
        return _chosen(method, found)
    other = parts[:-1] if parts[-1] == "" else [*parts, ""]
    return Outcome(308 if any(parts) and parts[0] and _candidates(other) else 404)


def _decoded(raw: bytes) -> list[str] | None:
    try:
        parts = [unquote_to_bytes(part).decode() for part in raw.split(b"/")[1:]]
    except UnicodeDecodeError:
        return None
    return None if any(ord(char) < 32 or ord(char) == 127 for part in parts for char in part) else parts


def _is_trusted(hosts: list[bytes]) -> bool:
    found = (
        re.fullmatch(r"([A-Za-z0-9_.-]+)(:[0-9]{1,5})?", hosts[0].decode("latin-1"))
        if len(hosts) == 1
        else None
    )
    if found is None:
        return False
    name = found[1].lower()
    return any(name == item or (item[0] == "*" and name.endswith(item[1:])) for item in TRUSTED)


def _candidates(parts: list[str]) -> list[Candidate]:
    found = []
    for method, template in ROUTES:
        fit = _fit(template.split("/")[1:], parts)
        if fit is not None:
            found.append(Candidate(fit[0], method, template, fit[1]))
    return sorted(found)


def _fit(wanted: list[str], parts: list[str]) -> tuple[tuple[int, ...], tuple[str, ...]] | None:
    ranks: list[int] = []
    values: list[str] = []
    for at, segment in enumerate(wanted):
        variable = _VARIABLE.fullmatch(segment)
        kind = "static" if variable is None else variable[1] or "str"
        ranks.append(_RANKS[kind])
        if kind == "path":
            rest = "/".join(parts[at:])
            return (tuple(ranks), (*values, rest)) if rest else None
        if at >= len(parts):
            return None
        if kind == "static":
            if segment != parts[at]:
                return None
        elif re.fullmatch(_ACCEPTS[kind], parts[at]) is None:
            return None
        else:
            values.append(parts[at])
    return (tuple(ranks), tuple(values)) if len(wanted) == len(parts) else None


def _chosen(method: str, found: list[Candidate]) -> Outcome:
    for wanted in (method, "GET") if method == "HEAD" else (method,):
        for item in found:
            if item.method == wanted:
                return Outcome(200, f"{item.method} {item.template}", item.values)
    known = {item.method for item in found}
    allow = frozenset({*known, "OPTIONS", *(["HEAD"] if "GET" in known else [])})
    return Outcome(204 if method == "OPTIONS" else 405, allow=allow)
