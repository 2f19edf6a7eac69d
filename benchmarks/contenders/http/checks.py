"""What a right answer is, the same for every contender."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.contenders.http import model


class Answer(NamedTuple):
    """What came back: the status, the headers by lower-case name, the body."""

    status: int
    headers: dict[str, str]
    body: bytes


def check(row: str, call: Callable[[], Answer]) -> None:
    """Fail unless *row* is answered rightly, twice."""
    first, second = call(), call()
    for answer in (first, second):
        assert answer.status == 200, f"status {answer.status} for {row}"
        assert int(answer.headers["content-length"]) == len(answer.body), f"wrong length for {row}"
        _CHECKS[row](answer)
    if row == "json_post":
        assert json.loads(first.body)["number"] < json.loads(second.body)["number"], (
            "one ticket for two requests"
        )


def _is_greeting(answer: Answer) -> None:
    assert answer.body == model.GREETING.encode(), "no greeting"
    assert answer.headers["content-type"].startswith("text/plain"), "not text"


def _is_item(answer: Answer) -> None:
    _is_json(answer)
    assert model.Item.model_validate_json(answer.body) == model.find(42, "widget"), "wrong item"


def _is_filtered_item(answer: Answer) -> None:
    _is_item(answer)
    for number in range(model.FILTERS):
        assert answer.headers.get(f"x-filter-{number}") == "yes", f"filter {number} did not run"


def _is_receipt(answer: Answer) -> None:
    _is_json(answer)
    receipt = model.Receipt.model_validate_json(answer.body)
    assert (receipt.total, receipt.lines) == (model.TOTAL, model.ORDER.lines), "wrong receipt"


def _is_defended_item(answer: Answer) -> None:
    _is_item(answer)
    assert answer.headers.get("x-transaction-id"), "no request id"
    assert answer.headers.get("x-content-type-options") == "nosniff", "no security headers"


def _is_json(answer: Answer) -> None:
    assert answer.headers["content-type"] == "application/json", "not JSON"


_CHECKS: dict[str, Callable[[Any], None]] = {
    "plaintext": _is_greeting,
    "json_get": _is_item,
    "json_post": _is_receipt,
    "filters5": _is_filtered_item,
    "defaults": _is_defended_item,
    "routes500": _is_item,
}
