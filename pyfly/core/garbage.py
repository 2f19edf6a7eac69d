"""Keeps garbage collections short while an application serves."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def settled_heap() -> Iterator[None]:
    """Leave what exists now out of garbage collections: it lives as long as the application does.

    A full collection would look at all of it, and stop the event loop for tens of milliseconds.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
