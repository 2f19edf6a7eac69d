"""``Accept-Encoding``: which coding a client takes."""

from collections.abc import Sequence
from typing import Final

from pyfly.web.responses import RawHeaders

_MAX_CODINGS: Final = 32
_REMEMBERED: Final = 128
_LONGEST_REMEMBERED: Final = 128


class Codings:
    """Chooses among the codings of an application."""

    __slots__ = ("_known", "_offered")

    def __init__(self, offered: Sequence[str]) -> None:
        """Offer *offered*, the preferred one first."""
        self._offered = tuple(offered)
        self._known: dict[bytes, str] = {}

    def choose(self, headers: RawHeaders) -> str:
        """Return the coding that the client likes best, or an empty string for none."""
        raw = b",".join(value for name, value in headers if name == b"accept-encoding")
        if not raw:
            return ""
        known = self._known.get(raw)
        if known is not None:
            return known
        found = self._best(raw.decode("latin-1").lower())
        if len(raw) <= _LONGEST_REMEMBERED:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[raw] = found
        return found

    def _best(self, value: str) -> str:
        wanted: dict[str, float] = {}
        for element in value.split(",", _MAX_CODINGS)[:_MAX_CODINGS]:
            coding, _, parameter = element.partition(";")
            wanted[coding.strip()] = _quality(parameter)
        default = wanted.get("*", 0.0)
        best, quality = "", 0.0
        for coding in self._offered:
            given = wanted.get(coding, default)
            if given > quality:
                best, quality = coding, given
        return best if quality >= wanted.get("identity", 0.0) else ""


def _quality(parameter: str) -> float:
    name, _, text = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    text = text.strip()
    if len(text) > 5 or not text.isascii() or not text.replace(".", "", 1).isdigit():
        return 0.0
    return min(float(text), 1.0)
