import pytest

from pyfly.web.patterns import matcher, selector


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        ("/a", ["/a"], ["/a/", "/a/b", "/ab", "a"]),
        ("/a/*", ["/a/", "/a/b", "/a/b/c"], ["/a", "/ab"]),
        ("/a/*/c", ["/a/b/c"], ["/a/b/b/c", "/a/c", "/a/b/c/d"]),
        ("/a/**", ["/a", "/a/", "/a/b/c"], ["/ab"]),
        ("/a/**/d", ["/a/d", "/a/b/c/d"], ["/a/bd", "/d"]),
        ("**/d", ["/d", "/a/b/d"], ["/d/e"]),
        ("/a?", ["/ab"], ["/a/", "/a", "/abc"]),
        ("/*.js", ["/x.js", "/.js"], ["/a/x.js", "/x.json"]),
        ("/private*", ["/private", "/private/x"], ["/a/private"]),
        ("/a.b(c)", ["/a.b(c)"], ["/axb(c)"]),
        ("*", ["/", "/a/b\n"], []),
    ],
)
def test_a_star_stays_inside_its_part_unless_it_ends_the_pattern(
    pattern: str, fits: list[str], does_not: list[str]
) -> None:
    matches = matcher((pattern,))
    assert [path for path in fits if not matches(path)] == []
    assert [path for path in does_not if matches(path)] == []


def test_a_path_is_selected_if_it_is_included_and_not_excluded() -> None:
    selects = selector(["/api/*"], ["/api/private/**"])
    assert selects is not None
    assert [selects(path) for path in ("/api/a", "/web", "/api/private/a")] == [True, False, False]
    assert selector([], []) is None
