"""What a right answer is, the same for every contender."""

from collections.abc import Callable
from typing import Any

from benchmarks.contenders.di.model import PORTS, Config, Root, Svc


def check(row: str, call: Callable[[], Any]) -> None:
    """Fail unless two calls of *call* give what *row* promises."""
    first, second = call(), call()
    _PROOFS[row](first, second)


def _same(first: Config, second: Config) -> None:
    assert type(first) is Config, "not the configuration"
    assert first is second, "not a singleton"


def _all_new(first: Root, second: Root) -> None:
    members = [member for root in (first, second) for member in _members(root)]
    names = [type(member).__name__ for member in members]
    assert names == ["Root", "A", "B", "C", "D", "E", "F"] * 2, "not the graph"
    assert len({id(member) for member in members}) == len(members), "not all new"


def _members(root: Root) -> list[object]:
    return [root, root.a, root.b, root.a.c, root.a.d, root.b.e, root.b.f]


def _one_connection_per_scope(first: Svc, second: Svc) -> None:
    for service in (first, second):
        assert service.one.conn is service.two.conn, "two connections in one scope"
        assert service.one.conn.closed, "the connection was not closed with its scope"
    assert first.one.conn is not second.one.conn, "one connection in two scopes"
    assert first is not second, "one service in two scopes"
    assert first.config is second.config, "two configurations"


def _all_five(first: Any, second: Any) -> None:
    assert [type(member) for member in first] == list(PORTS), "not the five implementations in order"
    assert all(one is other for one, other in zip(first, second, strict=True)), "not singletons"


_PROOFS: dict[str, Callable[[Any, Any], None]] = {
    "singleton": _same,
    "by_name": _same,
    "transient7": _all_new,
    "scope_sync": _one_connection_per_scope,
    "scope_async": _one_connection_per_scope,
    "list5": _all_five,
}
