"""The four formats, and that nothing in a record can break out of its line."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.logging.entry import FIELDS, Entry, Shape
from pyfly.logging.renderers import ConsoleRenderer, renderer, writer_of

FORMATS = ("console", "json", "ecs", "logstash")
HOSTILE = "paid\r\n2026-11-21T00:00:00.000Z INFO [shop] forged \x1b[31m\x9b2J \u2028\u202e\ud800"


def entry(
    message: str = "order placed", error: BaseException | None = None, trace: str = "", **fields: Any
) -> Entry:
    return Entry(
        timestamp="2026-11-21T08:00:00.000Z",
        level="INFO",
        level_value=20,
        logger="shop.orders",
        thread="MainThread",
        process=7,
        message=message,
        fields=fields,
        error=error,
        trace=trace,
    )


def rendered(name: str, one: Entry) -> Any:
    return json.loads(renderer(name, service="shop")(one))


def test_console_lines_read_time_level_logger_message_fields() -> None:
    line = renderer("console")(entry(order=5, customer="Ann Lee", note='say "hi"', empty="", tags=["a"]))
    assert line == (
        "2026-11-21T08:00:00.000Z INFO     [shop.orders] order placed "
        'order=5 customer="Ann Lee" note="say \\"hi\\"" empty="" tags=[\'a\']'
    )


def test_colours_are_there_only_when_asked_for() -> None:
    assert "\x1b" not in ConsoleRenderer()(entry(order=5))
    assert ConsoleRenderer(colored=True)(entry(order=5)).count("\x1b[0m") == 3


def test_each_line_of_a_console_traceback_is_marked() -> None:
    lines = renderer("console")(entry(trace="Traceback:\nValueError: a\rb")).splitlines()
    assert lines[1:] == ["    | Traceback:", "    | ValueError: a\\rb"]


def test_json_has_the_names_of_structlog_and_a_clashing_field_is_kept_beside_them() -> None:
    assert rendered("json", entry(order=5, level="gold", trace="Traceback: x")) == {
        "timestamp": "2026-11-21T08:00:00.000Z",
        "level": "info",
        "logger": "shop.orders",
        "event": "order placed",
        "exception": "Traceback: x",
        "order": 5,
        "level_": "gold",
    }


def test_ecs_has_the_names_of_the_schema() -> None:
    assert rendered("ecs", entry(trace_id="abc", order=5, error=ValueError("bad"), trace="Traceback: x")) == {
        "@timestamp": "2026-11-21T08:00:00.000Z",
        "ecs.version": "8.11.0",
        "log.level": "INFO",
        "log.logger": "shop.orders",
        "message": "order placed",
        "process.pid": 7,
        "process.thread.name": "MainThread",
        "service.name": "shop",
        "error.type": "builtins.ValueError",
        "error.message": "bad",
        "error.stack_trace": "Traceback: x",
        "trace.id": "abc",
        "order": 5,
    }


def test_logstash_has_the_names_of_its_encoders() -> None:
    assert rendered("logstash", entry(order=5, trace="Traceback: x")) == {
        "@timestamp": "2026-11-21T08:00:00.000Z",
        "@version": "1",
        "message": "order placed",
        "logger_name": "shop.orders",
        "thread_name": "MainThread",
        "level": "INFO",
        "level_value": 20,
        "stack_trace": "Traceback: x",
        "order": 5,
    }


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_stays_in_its_line_and_cannot_steer_a_terminal(name: str) -> None:
    fields: dict[str, Any] = {HOSTILE: HOSTILE, "safe": [HOSTILE]}
    line = renderer(name)(entry(HOSTILE, **fields))
    assert len(line.splitlines()) == 1
    assert not set(line) & set("\r\n\x1b\x9b\u2028\u202e\ud800")


@pytest.mark.parametrize("name", FORMATS)
@given(text=st.text())
def test_any_text_gives_one_line_that_can_be_encoded(name: str, text: str) -> None:
    line = renderer(name)(entry(text, value=text))
    assert len(line.encode().splitlines()) == 1


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_json_gives_the_text_back_unchanged(text: str) -> None:
    assert rendered("json", entry(text, value=text))["value"] == text


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("broken")


def test_values_that_json_does_not_know_are_written_as_text_without_touching_the_others() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    body = rendered(
        "json",
        entry(
            when=datetime(2026, 11, 21, tzinfo=UTC),
            names={"b", "a"},
            raw=b"\xffx",
            broken=Unprintable(),
            cycle=cycle,
            ratio=float("nan"),
            count=3,
        ),
    )
    del body["timestamp"], body["level"], body["logger"], body["event"]
    assert body == {
        "when": "2026-11-21T00:00:00+00:00",
        "names": ["a", "b"],
        "raw": "\\xffx",
        "broken": "<unprintable Unprintable>",
        "cycle": "[[...]]",
        "ratio": "nan",
        "count": 3,
    }


VALUES = st.text() | st.sampled_from(["", "a b", "a=b", 'a"b', "=", "a\tb", "a\xa0b", "é", HOSTILE])


@pytest.mark.parametrize("name", ["console", "json"])
@given(first=VALUES, last=VALUES, number=st.integers() | st.floats(allow_nan=False))
def test_a_prepared_writer_writes_what_its_renderer_does(
    name: str, first: str, last: str, number: float
) -> None:
    shape = Shape("shop", 20, "100 % paid", first=str, number=float, last=str)
    values = (first, number, last)
    for colored in (False, True):
        render = renderer(name, colored=colored)
        assert writer_of(render, shape)(1e9, values) == render(shape.entry(1e9, values))


def test_the_entry_of_a_shape_is_that_of_a_record() -> None:
    record = logging.LogRecord("shop", logging.WARNING, "", 0, "paid", (), None)
    record.__dict__[FIELDS] = {"order": 5}
    assert Shape("shop", logging.WARNING, "paid", order=int).entry(record.created, (5,)) == Entry.of(record)
