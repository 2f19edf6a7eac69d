"""Reading log records of any origin."""

import logging
import sys
from typing import Any

import structlog

from pyfly.kernel.correlation import correlation
from pyfly.logging.entry import FIELDS, Entry


def record(message: object = "hello", *args: object, **extra: Any) -> logging.LogRecord:
    made = logging.getLogger("shop").makeRecord(
        "shop", logging.INFO, "f.py", 1, message, args, None, extra=extra
    )
    made.created = 1_700_000_000.25
    return made


def test_a_record_of_the_standard_library_keeps_its_extras_as_fields() -> None:
    entry = Entry.of(record("order %d", 5, customer="Ann"))
    assert (entry.message, entry.fields, entry.logger, entry.level) == (
        "order 5",
        {"customer": "Ann"},
        "shop",
        "INFO",
    )


def test_times_are_utc_with_milliseconds() -> None:
    assert Entry.of(record()).timestamp == "2023-11-14T22:13:20.250Z"


def test_context_variables_reach_records_of_the_standard_library() -> None:
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        assert Entry.of(record(customer="Ann")).fields == {"request_id": "r1", "customer": "Ann"}


def test_arguments_that_do_not_fit_the_message_are_shown_and_do_not_raise() -> None:
    assert Entry.of(record("%d orders", "many")).message.startswith("%d orders (arguments ('many',): ")


def test_the_traceback_is_taken_and_the_record_is_left_alone() -> None:
    made = record()
    try:
        raise KeyError("sku")
    except KeyError:
        made.exc_info = sys.exc_info()
    before = dict(vars(made))
    entry = Entry.of(made)
    assert entry.trace.startswith("Traceback (most recent call last):")
    assert entry.trace.endswith("KeyError: 'sku'")
    assert isinstance(entry.error, KeyError)
    assert vars(made) == before


def test_a_stack_is_shown_after_the_traceback() -> None:
    made = record()
    made.stack_info = "Stack (most recent call last):\n  here"
    assert Entry.of(made).trace == "Stack (most recent call last):\n  here"


def test_a_line_written_for_a_request_names_it() -> None:
    token = correlation.set("r-1")
    try:
        assert Entry.of(logging.makeLogRecord({"msg": "bound", FIELDS: {"order": 5}})).fields == {
            "order": 5,
            "transaction_id": "r-1",
        }
        assert Entry.of(logging.makeLogRecord({"msg": "extra", "order": 5})).fields["transaction_id"] == "r-1"
        own = Entry.of(logging.makeLogRecord({"msg": "own", FIELDS: {"transaction_id": "mine"}}))
        assert own.fields == {"transaction_id": "mine"}
    finally:
        correlation.reset(token)
    assert "transaction_id" not in Entry.of(logging.makeLogRecord({"msg": "nobody"})).fields
