"""Several routes of one method and path, told apart by what they take and what they answer with."""

from collections.abc import Sequence
from typing import NamedTuple

from pyfly.web.negotiation.accepting import Accepting
from pyfly.web.negotiation.exceptions import NotReadable
from pyfly.web.negotiation.media_types import MediaType, parse_media_type
from pyfly.web.negotiation.offers import JSON
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import Receive, Reply, Scope


class Alternative(NamedTuple):
    """One of the routes: the media types that its mapping names, and its endpoint."""

    produces: tuple[str, ...]
    consumes: tuple[str, ...]
    endpoint: Endpoint


def choosing(alternatives: Sequence[Alternative]) -> Endpoint:
    """Return an endpoint that hands each request to the alternative that fits it; a single one is itself."""
    if len(alternatives) == 1:
        return alternatives[0].endpoint
    choice = _Choice(alternatives)

    async def chosen(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
        return await choice.of(scope)(scope, receive, path)

    return chosen


class _Choice:
    def __init__(self, alternatives: Sequence[Alternative]) -> None:
        self._alternatives = alternatives
        self._taken = [
            [found for name in item.consumes if (found := parse_media_type(name))] for item in alternatives
        ]
        self._accepting: dict[tuple[int, ...], tuple[Accepting, list[int]]] = {}

    def of(self, scope: Scope) -> Endpoint:
        readable = self._readable(scope)
        if len(readable) == 1:
            return self._alternatives[readable[0]].endpoint
        accepting, owners = self._accepting_among(readable)
        return self._alternatives[owners[accepting.choose(scope["headers"])]].endpoint

    def _readable(self, scope: Scope) -> tuple[int, ...]:
        if not any(self._taken):
            return tuple(range(len(self._alternatives)))
        text = next((value for name, value in scope["headers"] if name == b"content-type"), b"").decode(
            "latin-1"
        )
        given = parse_media_type(text)
        found = tuple(number for number, taken in enumerate(self._taken) if _takes(taken, given))
        if not found:
            raise NotReadable(text, tuple({name: 0 for item in self._alternatives for name in item.consumes}))
        # A route that says what it takes comes before one that does not.
        said = tuple(number for number in found if self._taken[number])
        return said if given is not None and said else found

    def _accepting_among(self, numbers: tuple[int, ...]) -> tuple[Accepting, list[int]]:
        known = self._accepting.get(numbers)
        if known is None:
            pairs = [
                (name, number)
                for number in numbers
                for name in self._alternatives[number].produces or (JSON,)
            ]
            known = self._accepting[numbers] = (
                Accepting([name for name, _ in pairs]),
                [number for _, number in pairs],
            )
        return known


def _takes(taken: list[MediaType], given: MediaType | None) -> bool:
    return not taken or (given is not None and any(item.includes(given) for item in taken))
