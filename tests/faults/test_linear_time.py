"""Twice the hostile text takes about twice the time, wherever text is matched against patterns."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from pyfly.aop import PointcutSyntaxError, matches_pointcut
from pyfly.aop.globs import Glob
from pyfly.eda.patterns import compile_pattern
from pyfly.kernel import InvalidRequestException
from pyfly.web.compression.accepting import Codings
from pyfly.web.conditional.evaluation import http_date
from pyfly.web.conditional.tags import parse_tags
from pyfly.web.negotiation.media_types import parse_accept
from pyfly.web.redirects import safe_location
from pyfly.web.routing.router import Router
from pyfly.web.routing.templates import TemplateError, parse_template
from pyfly.web.streaming.disposition import content_disposition
from pyfly.web.streaming.ranges import parse_range
from tests.timing import fastest, seconds

pytestmark = pytest.mark.timed

LENGTH = 10_000

Call = Callable[[], object]


def _glob(pattern: str, unit: str, end: str = "") -> Callable[[int], Call]:
    glob = Glob(pattern)

    def of(length: int) -> Call:
        name = unit * (length // len(unit)) + end
        return lambda: glob.matches(name)

    return of


def _event(pattern: str, unit: str, end: str = "") -> Callable[[int], Call]:
    matches = compile_pattern(pattern)

    def of(length: int) -> Call:
        name = unit * (length // len(unit)) + end
        return lambda: matches(name)

    return of


def _pointcut(unit: str, end: str = "") -> Callable[[int], Call]:
    texts = iter(range(1_000_000))

    def of(length: int) -> Call:
        # No two texts are equal: one that has been read is not read again.
        def read() -> None:
            with suppress(PointcutSyntaxError):
                matches_pointcut(f"a{next(texts)}." + unit * (length // len(unit)) + end, "a.b")

        return read

    return of


def _template(unit: str, end: str = "") -> Callable[[int], Call]:
    def of(length: int) -> Call:
        def read() -> None:
            with suppress(TemplateError):
                parse_template("/" + unit * (length // len(unit)) + end)

        return read

    return of


def _route(unit: str, end: str = "") -> Callable[[int], Call]:
    router = Router()
    places = ["a", "{%s:int}", "{%s:float}", "{%s}"]
    for depth in range(1, 6):
        for place in places:
            path = "/".join(place.replace("%s", f"v{level}") for level in range(depth))
            router.add("GET", f"/{path}/end", _nobody)
            router.add("GET", f"/{path}/files/{{rest:path}}", _nobody)

    def of(length: int) -> Call:
        path = "/" + unit * (length // len(unit)) + end
        return lambda: router.find(path)

    return of


async def _nobody(*_: object) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    raise AssertionError


def _header(read: Callable[[str], object], unit: str, end: str = "") -> Callable[[int], Call]:
    def of(length: int) -> Call:
        text = unit * (length // len(unit)) + end
        return lambda: read(text)

    return of


def _range(text: str) -> object:
    return parse_range(f"bytes={text}", 10)


def _coding(text: str) -> object:
    return Codings(("br", "gzip")).choose([(b"accept-encoding", text.encode("latin-1"))])


def _location(text: str) -> object:
    with suppress(InvalidRequestException):
        return safe_location(text, ("example.com",))
    return None


CASES: dict[str, Callable[[int], Call]] = {
    "glob, one segment": _glob("*a*a*a*a*a*a*a*b", "a"),
    "glob, many segments": _glob("**.a.**.a.**.a.**.b", "a.", "c"),
    "glob, question marks": _glob("*?*?*?*?*?*?b", "a"),
    "event pattern, one segment": _event("*a*a*a*a*a*a*a*b", "a"),
    "event pattern, many segments": _event("**.a.**.a.**.a.**.b", "a.", "c"),
    "event pattern, mixed": _event("**.a*a*a*b.**.*", "aa.", "c"),
    "pointcut, alternatives": _pointcut(" or a.b", " or"),
    "pointcut, parentheses": _pointcut(" and (a", "!"),
    "pointcut, stars": _pointcut("*a", "b"),
    "path template, variables": _template("{a}x/", "{"),
    "path template, braces": _template("{", "}"),
    "path, many segments": _route("a/", "x"),
    "path, digits": _route("1", "/x"),
    "path, dots and digits": _route("1.", "/x"),
    "path, slashes": _route("/"),
    "Accept, ranges": _header(parse_accept, "a/b;q=0.1,"),
    "Accept, parameters": _header(parse_accept, "a/b;c=d;"),
    "Accept, quotes": _header(parse_accept, 'a/b;c="\\"", '),
    "Accept, commas": _header(parse_accept, ","),
    "Accept-Encoding": _header(_coding, "br;q=0.1,"),
    "Range, parts": _header(_range, "1-2,"),
    "Range, digits": _header(_range, "1", "-"),
    "entity tags": _header(parse_tags, 'W/"a",'),
    "entity tags, unfinished": _header(parse_tags, 'W/"'),
    "HTTP date": _header(http_date, "Sun, 06 Nov 1994 "),
    "file name": _header(content_disposition, "ü/"),
    "redirect": _header(_location, "https://", "example.com"),
    "path, the rest": _route("1/1/1/files/", "x"),
}


@pytest.mark.parametrize("case", CASES)
def test_ten_thousand_hostile_characters_take_ten_milliseconds_at_most(case: str) -> None:
    assert fastest(CASES[case](LENGTH), enough=0.01) <= 0.01


@pytest.mark.parametrize("case", CASES)
def test_twice_the_text_takes_about_twice_the_time(case: str) -> None:
    # The best of some measurements: others may use the processor meanwhile.
    growth = min(_growth(CASES[case]) for _ in range(5))
    assert growth <= 2.5


def _growth(of: Callable[[int], Call]) -> float:
    times = _repetitions(of(LENGTH))
    once, twice = of(LENGTH), of(2 * LENGTH)
    return min(_total(twice, times) for _ in range(3)) / min(_total(once, times) for _ in range(3))


def _repetitions(call: Call) -> int:
    """Return how many calls take long enough to be measured."""
    call()
    return max(1, int(0.002 / max(seconds(call), 1e-6)))


def _total(call: Call, times: int) -> float:
    def repeat() -> None:
        for _ in range(times):
            call()

    return seconds(repeat)
