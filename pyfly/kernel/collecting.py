"""Pausing the garbage collector while much is allocated that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Leave the garbage collector off inside the block, unless it is off anyway.

    What scanning and checking an application allocate lives as long as the application: looking for
    garbage in it, again and again while it grows, costs a tenth of the start. Nothing is lost: what is
    there at the end counts as old, and the next full collection sees it. Only for code that does not await.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        _grow_old()
        gc.enable()


def _grow_old() -> None:
    """Put everything into the oldest generation without looking at it."""
    if gc.get_freeze_count() == 0:  # else somebody keeps objects frozen, and thawing would take theirs along
        gc.freeze()
        gc.unfreeze()
