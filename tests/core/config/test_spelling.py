import pytest

from pyfly.core.config.spelling import closest, edits

KNOWN = [
    "pyfly.web.port",
    "pyfly.web.host",
    "pyfly.data.url",
    "pyfly.servers.*.host",
    "pyfly.logging.level.**",
]


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("pyfly.web.prot", "pyfly.web.port"),
        ("pyfly.wbe.port", "pyfly.web.port"),
        ("pyfly.webport", "pyfly.web.port"),
        ("pyfly.data.ulr", "pyfly.data.url"),
        ("pyfly.servers.3.hsot", "pyfly.servers.3.host"),
        ("pyfly.loging.level.x.y", "pyfly.logging.level.x.y"),
        ("pyfly.something.else", None),
    ],
)
def test_the_key_with_the_fewest_edits_was_meant(mistyped: str, meant: str | None) -> None:
    assert closest(mistyped, KNOWN, limit=None) == meant


def test_a_limit_keeps_distant_keys_out() -> None:
    assert closest("pyfly.web.post", KNOWN, limit=1) == "pyfly.web.port"
    assert closest("pyfly.web.poxx", KNOWN, limit=1) is None


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("a", "a", 0), ("ab", "ba", 1), ("abc", "ac", 1), ("abc", "axc", 1), ("", "ab", 2)],
)
def test_swapping_neighbours_is_one_edit(one: str, other: str, count: int) -> None:
    assert edits(one, other) == count == edits(other, one)
