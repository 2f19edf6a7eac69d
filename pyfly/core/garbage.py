"""Keeps garbage collections short while an application serves."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_MIDDLE: Final = 1
"""After how many collections of the youngest objects the next older ones have their turn."""


@contextmanager
def settled_heap() -> Iterator[None]:
    """Leave what exists now out of garbage collections: it lives as long as the application does.

    A full collection would look at all of it, and stop the event loop for tens of milliseconds. Partial collections
    come more often, and are as much shorter; full ones come as often as before.
    """
    thresholds = gc.get_threshold()
    young, middle, old = thresholds
    gc.freeze()
    if middle > _MIDDLE:
        gc.set_threshold(young, _MIDDLE, old * middle // (_MIDDLE + 1))
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
