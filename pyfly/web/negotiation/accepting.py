"""What a route offers, held against what clients accept. Made once per route."""

from collections.abc import Sequence
from typing import Final

from pyfly.web.negotiation.exceptions import NotAcceptable
from pyfly.web.negotiation.media_types import MediaType, parse_accept, parse_media_type, quality_of
from pyfly.web.responses import RawHeaders

_USUAL: Final = (
    b"*/*",
    b"application/json",
    b"application/json, */*",
    b"application/json, text/plain, */*",
    b"application/json,text/plain,*/*",
    b"text/event-stream",
)
_REMEMBERED: Final = 256
_LONGEST_REMEMBERED: Final = 256


class Accepting:
    """Chooses among the media types that one route offers.

    Attributes:
        offers: The media types, the preferred one first.
        known: Which offer answers a header that has been seen before.
    """

    __slots__ = ("_types", "known", "offers")

    def __init__(self, offers: Sequence[str]) -> None:
        """Offer *offers*, the preferred one first."""
        self.offers = tuple(offers)
        self._types = [
            parse_media_type(offer) or MediaType("application", "octet-stream") for offer in offers
        ]
        self.known: dict[bytes, int] = {}
        for value in _USUAL:
            found = self._best(value.decode())
            if found is not None:
                self.known[value] = found

    def choose(self, headers: RawHeaders) -> int:
        """Return the number of the offer that the client likes best; without a preference, the first.

        Raises:
            NotAcceptable: The client accepts none of them.
        """
        values = [value for name, value in headers if name == b"accept"]
        if not values:
            return 0
        raw = values[0] if len(values) == 1 else b",".join(values)
        found = self.known.get(raw)
        if found is not None:
            return found
        found = self._best(raw.decode("latin-1"))
        if found is None:
            raise NotAcceptable(self.offers)
        if len(raw) <= _LONGEST_REMEMBERED:
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            self.known[raw] = found
        return found

    def _best(self, value: str) -> int | None:
        if not value.strip():
            return 0
        ranges = parse_accept(value)
        best: int | None = None
        quality = 0.0
        for number, offer in enumerate(self._types):
            wanted = quality_of(offer, ranges)
            if wanted > quality:
                best, quality = number, wanted
        return best
