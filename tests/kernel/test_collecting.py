"""The garbage collector is paused inside the block, and only there."""

import gc

import pytest

from pyfly.kernel.collecting import collection_paused


def test_the_collector_is_off_inside_and_on_afterwards_even_after_a_failure() -> None:
    with pytest.raises(LookupError, match="collecting: False"), collection_paused():
        raise LookupError(f"collecting: {gc.isenabled()}")
    assert gc.isenabled()


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
