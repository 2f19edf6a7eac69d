"""What a right answer is, the same for every contender."""

import json
from collections.abc import Callable

from benchmarks.contenders.web.model import item


def check(row: str, call: Callable[[], bytes]) -> None:
    """Fail unless the body of the first 200 is the item asked for."""
    assert json.loads(call()) == item(42), f"wrong body for {row}"
