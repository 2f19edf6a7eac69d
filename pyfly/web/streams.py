"""The streams that are open, so that a server which stops can end them properly."""

from collections.abc import Callable

End = Callable[[], None]


class OpenStreams:
    """Everything of one application that stays open until somebody ends it.

    Attributes:
        ending: Whether new streams are to end at once.
    """

    __slots__ = ("_open", "ending")

    def __init__(self) -> None:
        """Start without any."""
        self._open: dict[int, End] = {}
        self.ending = False

    def __len__(self) -> int:
        """Return how many are open."""
        return len(self._open)

    def add(self, end: End) -> Callable[[], None]:
        """Have *end* called when the application stops; return what to call when the stream is over."""
        key = id(end)
        self._open[key] = end
        if self.ending:
            end()
        return lambda: self._forget(key)

    def end(self) -> None:
        """Ask all open streams to end, and those to come likewise. They finish on their own."""
        self.ending = True
        for end in tuple(self._open.values()):
            end()

    def _forget(self, key: int) -> None:
        self._open.pop(key, None)
