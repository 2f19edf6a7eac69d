"""Port: who is told of the entities that repositories store and remove."""

from collections.abc import Iterable
from typing import Protocol


class SaveListener(Protocol):
    """Port: hears of the entities that repositories have stored or removed, in the transaction of that."""

    def concerns(self, entities: Iterable[object]) -> bool:
        """Return whether one of *entities*, which are about to be stored or removed, is of interest."""

    def saved(self, entities: Iterable[object]) -> None:
        """Take note of *entities*, some of which are of interest. The transaction may still roll back."""
