"""Pausing the garbage collector while much is allocated that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Leave the garbage collector off inside the block, unless it is off anyway.

    What scanning and checking an application allocate lives as long as the application: looking for
    garbage in it, again and again while it grows, costs a tenth of the start. Nothing is lost; the
    next collection comes after the block. Only for code that does not await.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
