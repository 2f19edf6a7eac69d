"""The one handler of the framework on the root logger."""

import asyncio
import contextlib
import io
import logging

from pyfly.logging.entry import Shape
from pyfly.logging.handler import RecordFormatter, StdoutHandler, only_listener, own_handler
from pyfly.logging.renderers import renderer
from tests.logging.conftest import Configure


def test_there_is_one_handler_however_often_one_asks(configure: Configure) -> None:
    configure()
    assert own_handler() is own_handler()
    assert logging.getLogger().handlers.count(own_handler()) == 1


def test_it_writes_to_the_standard_output_of_the_moment(configure: Configure) -> None:
    configure(format="json")
    elsewhere = io.StringIO()
    with contextlib.redirect_stdout(elsewhere):
        logging.getLogger("shop").warning("moved")
    assert '"event": "moved"' in elsewhere.getvalue()


def test_formatting_leaves_the_record_as_it_was() -> None:
    record = logging.makeLogRecord(
        {"name": "shop", "msg": "order %d", "args": (5,), "levelno": 20, "levelname": "INFO"}
    )
    before = dict(vars(record))
    assert "order 5" in RecordFormatter(renderer("console")).format(record)
    assert vars(record) == before


class Stream(io.StringIO):
    """Counts the calls that write."""

    writes = 0

    def __init__(self) -> None:
        super().__init__()
        self.written = asyncio.Event()

    def write(self, text: str, /) -> int:
        self.writes += 1
        self.written.set()
        return super().write(text)

    async def next(self) -> None:
        """Wait until somebody writes."""
        self.written.clear()
        await asyncio.wait_for(self.written.wait(), 10)


def _line(message: str) -> Shape:
    return Shape("shop", logging.INFO, message)


def _handler() -> StdoutHandler:
    handler = StdoutHandler()
    handler.setFormatter(RecordFormatter(lambda entry: entry.message))
    return handler


async def test_lines_that_come_soon_after_each_other_are_written_together() -> None:
    handler, stream = _handler(), Stream()
    with contextlib.redirect_stdout(stream):
        for message in ("one", "two", "three"):
            handler.write_soon(_line(message), ())
        assert stream.getvalue() == ""
        await stream.next()
    assert (stream.getvalue(), stream.writes) == ("one\ntwo\nthree\n", 1)


async def test_no_record_overtakes_a_line_that_waits() -> None:
    handler, stream = _handler(), Stream()
    with contextlib.redirect_stdout(stream):
        handler.write_soon(_line("first"), ())
        handler.emit(logging.makeLogRecord({"msg": "second"}))
    assert stream.getvalue() == "first\nsecond\n"


async def test_lines_after_those_that_were_written_early_are_written_as_well() -> None:
    handler, stream = _handler(), Stream()
    with contextlib.redirect_stdout(stream):
        for message in ("one", "two"):
            handler.write_soon(_line(message), ())
            handler.flush()
            handler.write_soon(_line(message), ())
            await stream.next()
    assert stream.getvalue() == "one\none\ntwo\ntwo\n"


async def test_a_line_is_written_by_whatever_formats_when_its_turn_comes() -> None:
    handler, stream = _handler(), Stream()
    handler.write_soon(_line("one"), ())
    handler.setFormatter(RecordFormatter(lambda entry: entry.message.upper()))
    handler.write_soon(_line("two"), ())
    with contextlib.redirect_stdout(stream):
        await stream.next()
        handler.setFormatter(logging.Formatter("%(message)s"))
        handler.write_soon(_line("three"), ())
        await stream.next()
    assert stream.getvalue() == "ONE\nTWO\nthree\n"


def test_lines_of_a_loop_that_has_ended_are_not_lost() -> None:
    handler, stream = _handler(), Stream()

    async def write() -> None:
        handler.write_soon(_line("one"), ())

    async def write_and_wait() -> None:
        handler.write_soon(_line("two"), ())
        await stream.next()

    with contextlib.redirect_stdout(stream):
        asyncio.run(write())
        asyncio.run(write_and_wait())
    assert stream.getvalue() == "one\ntwo\n"


async def test_it_collects_while_lines_wait_and_nobody_has_joined_the_root_logger() -> None:
    handler, stream, root, other = _handler(), Stream(), logging.getLogger(), logging.NullHandler()
    with contextlib.redirect_stdout(stream):
        assert not handler.is_collecting()
        handler.write_soon(_line("one"), ())
        assert handler.is_collecting()
        root.addHandler(other)
        assert not handler.is_collecting()
        root.removeHandler(other)
        assert handler.is_collecting()
        await stream.next()
        assert not handler.is_collecting()
    assert stream.getvalue() == "one\n"


def test_the_handler_listens_alone_unless_somebody_else_hears_or_filters(configure: Configure) -> None:
    configure()
    own = own_handler()
    root, others = logging.getLogger(), [each for each in logging.getLogger().handlers if each is not own]
    log = logging.getLogger("shop.alone")
    try:
        for each in others:
            root.removeHandler(each)
        assert only_listener(log) is own
        log.addHandler(logging.NullHandler())
        assert only_listener(log) is None
        log.handlers.clear()
        log.addFilter(lambda record: True)
        assert only_listener(log) is None
        log.filters.clear()
        own.setLevel(logging.ERROR)
        assert only_listener(log) is None
    finally:
        own.setLevel(logging.NOTSET)
        for each in others:
            root.addHandler(each)
