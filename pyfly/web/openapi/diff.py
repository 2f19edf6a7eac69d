"""What changed between two documents, and which of it breaks clients."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from pyfly.web.openapi.schema_diff import RECEIVED, SENT, Direction, SchemaDiff

Json = Mapping[str, Any]

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Change(NamedTuple):
    """One difference.

    Attributes:
        where: The operation, and the part of it.
        what: What is different.
        breaking: Whether a client of the old document may fail because of it.
    """

    where: str
    what: str
    breaking: bool


def compare(old: Json, new: Json) -> list[Change]:
    """Return every difference from *old* to *new*, in the order of *old*."""
    return list(_Comparison(old, new).changes())


class _Comparison:
    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        self._schemas = SchemaDiff(old, new)

    def changes(self) -> Iterator[Change]:
        before, after = _operations(self._old), _operations(self._new)
        for name, operation in before.items():
            if name in after:
                yield from self._operation(name, operation, after[name])
            else:
                yield Change(name, "is gone", breaking=True)
        for name in after.keys() - before.keys():
            yield Change(name, "is new", breaking=False)

    def _operation(self, name: str, old: Json, new: Json) -> Iterator[Change]:
        if old.get("operationId") != new.get("operationId"):
            what = f"operationId is {new.get('operationId')}, was {old.get('operationId')}"
            yield Change(name, what, breaking=True)
        if new.get("deprecated") and not old.get("deprecated"):
            yield Change(name, "is deprecated", breaking=False)
        if _security(new, self._new) != _security(old, self._old):
            breaking = bool(_security(new, self._new)) and {} not in _security(new, self._new)
            yield Change(name, "asks for other credentials", breaking=breaking)
        yield from self._parameters(name, old, new)
        yield from self._body(f"{name} request", old.get("requestBody"), new.get("requestBody"))
        yield from self._responses(name, old.get("responses", {}), new.get("responses", {}))

    def _parameters(self, name: str, old: Json, new: Json) -> Iterator[Change]:
        before, after = _parameters(old), _parameters(new)
        for key, parameter in before.items():
            where = f"{name} {key[0]} parameter {key[1]}"
            if key not in after:
                yield Change(where, "is gone", breaking=True)
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield Change(where, "has become required", breaking=True)
            yield from self._schema(where, parameter.get("schema"), after[key].get("schema"), SENT)
        for key in (each for each in after if each not in before):
            required = bool(after[key].get("required"))
            what = "is new and required" if required else "is new"
            yield Change(f"{name} {key[0]} parameter {key[1]}", what, breaking=required)

    def _body(self, where: str, old: Json | None, new: Json | None) -> Iterator[Change]:
        if old is None or new is None:
            if old is not None:
                yield Change(where, "body is gone", breaking=True)
            elif new is not None:
                yield Change(where, "body is new", breaking=bool(new.get("required")))
            return
        if new.get("required") and not old.get("required"):
            yield Change(where, "body has become required", breaking=True)
        yield from self._content(where, old, new, SENT)

    def _responses(self, name: str, old: Json, new: Json) -> Iterator[Change]:
        for status, response in old.items():
            where = f"{name} response {status}"
            if status in new:
                yield from self._content(where, response, new[status], RECEIVED)
            else:
                yield Change(where, "is gone", breaking=status.startswith("2"))
        for status in (each for each in new if each not in old):
            yield Change(f"{name} response {status}", "is new", breaking=False)

    def _content(self, where: str, old: Json, new: Json, direction: Direction) -> Iterator[Change]:
        before, after = old.get("content", {}), new.get("content", {})
        for media_type, said in before.items():
            if media_type in after:
                yield from self._schema(where, said.get("schema"), after[media_type].get("schema"), direction)
            else:
                yield Change(where, f"is no longer {media_type}", breaking=True)
        for media_type in (each for each in after if each not in before):
            yield Change(where, f"may be {media_type}", breaking=False)

    def _schema(self, where: str, old: Any, new: Any, direction: Direction) -> Iterator[Change]:
        for path, what, breaking in self._schemas.between(old or {}, new or {}, direction):
            yield Change(f"{where}{f' {path}' if path else ''}", what, breaking)


def _operations(document: Json) -> dict[str, Json]:
    return {
        f"{method.upper()} {path}": {**operation, "parameters": _all_parameters(item, operation)}
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in _METHODS
    }


def _all_parameters(item: Json, operation: Json) -> list[Json]:
    return [*item.get("parameters", ()), *operation.get("parameters", ())]


def _parameters(operation: Json) -> dict[tuple[str, str], Json]:
    return {(each["in"], each["name"]): each for each in operation["parameters"] if "in" in each}


def _security(operation: Json, document: Json) -> list[Any]:
    found: list[Any] = operation.get("security", document.get("security", []))
    return found
