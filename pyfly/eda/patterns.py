"""Globs over event types: ``*`` is one segment, ``**`` one or more, a lone ``*`` everything.

Patterns are compiled once. Matching takes one step per segment of the event type, whatever the
pattern: the positions that have been reached are bits of one number, so there is no backtracking.
"""

from collections.abc import Callable
from typing import NamedTuple

Matcher = Callable[[str], bool]


def compile_pattern(pattern: str) -> Matcher:
    """Return a function that says whether an event type matches *pattern*.

    Upper and lower case differ. A ``*`` beside other characters stands for any part of its segment.

    Raises:
        ValueError: The pattern, or a segment of it, is empty.
    """
    segments = pattern.split(".")
    if not all(segments):
        raise ValueError(f"{pattern!r} is no pattern of event types: a segment is empty")
    if pattern in {"*", "**"}:
        return lambda event_type: True
    if "*" not in pattern:
        return pattern.__eq__
    return _automaton(segments).matches


class _Partial(NamedTuple):
    """A segment such as ``cre*d``: what it begins and ends with, and what comes between."""

    bits: int
    start: str
    middle: tuple[str, ...]
    end: str

    def fits(self, text: str) -> bool:
        if len(text) < len(self.start) + len(self.end):
            return False
        if not (text.startswith(self.start) and text.endswith(self.end)):
            return False
        position, limit = len(self.start), len(text) - len(self.end)
        for part in self.middle:
            position = text.find(part, position, limit)
            if position < 0:
                return False
            position += len(part)
        return True


class _Automaton(NamedTuple):
    """Bit *i* of a state: the first *i* segments of the pattern have been matched."""

    anything: int
    repeated: int
    literals: dict[str, int]
    partials: tuple[_Partial, ...]
    accepting: int

    def matches(self, event_type: str) -> bool:
        state = 1
        for text in event_type.split("."):
            reachable = self.anything | self.literals.get(text, 0)
            for partial in self.partials:
                if state & partial.bits and partial.fits(text):
                    reachable |= partial.bits
            state = ((state & reachable) << 1) | (state & self.repeated)
            if not state:
                return False
        return bool(state & self.accepting)


def _automaton(segments: list[str]) -> _Automaton:
    anything = repeated = 0
    literals: dict[str, int] = {}
    partials: dict[str, int] = {}
    for index, segment in enumerate(segments):
        bit = 1 << index
        if segment in {"*", "**"}:
            anything |= bit
            repeated |= bit << 1 if segment == "**" else 0
        else:
            kind = partials if "*" in segment else literals
            kind[segment] = kind.get(segment, 0) | bit
    found = tuple(_partial(segment, bits) for segment, bits in partials.items())
    return _Automaton(anything, repeated, literals, found, 1 << len(segments))


def _partial(segment: str, bits: int) -> _Partial:
    start, *middle, end = segment.split("*")
    return _Partial(bits, start, tuple(filter(None, middle)), end)
