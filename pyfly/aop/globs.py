"""Name patterns, matched in one pass over the name whatever the pattern is.

A pattern becomes an automaton whose states are the bits of an integer, so that all ways of reading
the name are followed at once and nothing is ever tried twice.
"""

from functools import lru_cache


class Glob:
    """A pattern of dotted names.

    ``*`` stands for one segment, ``**`` for one or more; inside a segment ``*`` and ``?`` stand for any
    characters and for one character of it. A lone ``*`` matches every name.
    """

    __slots__ = ("_accepted", "_anywhere", "_inside", "_steps", "_words", "text")

    def __init__(self, text: str) -> None:
        """Compile *text*."""
        self.text = text
        self._steps: dict[str, int] = {}  # the states that reading a certain character leads to
        self._words = 0  # those that any character but a dot leads to
        self._inside = 0  # those that stay when a character other than a dot is read
        self._anywhere = 0  # those that stay whatever is read
        state = 0
        for number, segment in enumerate(("**" if text == "*" else text).split(".")):
            state = self._segment(segment, self._literal(".", state) if number else state)
        self._accepted = 1 << state
        for character, states in self._steps.items():
            self._steps[character] = states if character == "." else states | self._words
        self._steps.setdefault(".", 0)

    def matches(self, name: str) -> bool:
        """Say whether the whole of *name* fits."""
        states, steps, words, inside, anywhere = 1, self._steps, self._words, self._inside, self._anywhere
        loops = inside | anywhere
        for character in name:
            stay = anywhere if character == "." else loops
            states = ((states << 1) & steps.get(character, words)) | (states & stay)
            if not states:
                return False
        return bool(states & self._accepted)

    def __repr__(self) -> str:
        return f"Glob({self.text!r})"

    def _segment(self, segment: str, state: int) -> int:
        if segment in ("*", "**"):
            state = self._word(state)
            if segment == "**":
                self._anywhere |= 1 << state
            else:
                self._inside |= 1 << state
            return state
        for character in segment:
            if character == "*":
                self._inside |= 1 << state
            else:
                state = self._word(state) if character == "?" else self._literal(character, state)
        return state

    def _word(self, state: int) -> int:
        self._words |= 1 << (state + 1)
        return state + 1

    def _literal(self, character: str, state: int) -> int:
        self._steps[character] = self._steps.get(character, 0) | 1 << (state + 1)
        return state + 1


@lru_cache(maxsize=256)
def compiled(text: str) -> Glob:
    """Return the compiled form of *text*, which short-lived callers share."""
    return Glob(text)
