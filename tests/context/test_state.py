"""Using a context at the wrong time."""

import pytest

from pyfly.context import ContextStateError
from tests.context.support import context_of


async def test_what_has_not_been_started_cannot_be_refreshed() -> None:
    with pytest.raises(ContextStateError, match="it has not been started"):
        await context_of().refresh_config()
