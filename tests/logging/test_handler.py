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

    def write(self, text: str, /) -> int:
        self.writes += 1
        return super().write(text)


LOG = logging.getLogger("shop.lines")
LATER = 0.006
"""Seconds after which lines have been written: the loop has both to do then, and begins with the older."""


def _line(message: str) -> Shape:
    return Shape("shop", logging.INFO, message)


def _handler() -> StdoutHandler:
    handler = StdoutHandler()
    handler.setFormatter(RecordFormatter(lambda entry: entry.message))
    LOG.propagate = False
    LOG.handlers[:] = [handler]
    return handler


async def test_lines_that_come_soon_after_each_other_are_written_together() -> None:
    handler, stream = _handler(), Stream()
    with contextlib.redirect_stdout(stream):
        for message in ("one", "two", "three"):
            handler.write_soon(LOG, _line(message), ())
        assert stream.getvalue() == ""
        await asyncio.sleep(LATER)
    assert (stream.getvalue(), stream.writes) == ("one\ntwo\nthree\n", 1)


async def test_no_record_overtakes_a_line_that_waits() -> None:
    handler, stream = _handler(), Stream()
    with contextlib.redirect_stdout(stream):
        handler.write_soon(LOG, _line("first"), ())
        handler.emit(logging.makeLogRecord({"msg": "second"}))
        await asyncio.sleep(LATER)
    assert stream.getvalue() == "first\nsecond\n"


async def test_what_comes_after_lines_were_written_is_written_in_its_turn() -> None:
    handler, stream = _handler(), Stream()
    with contextlib.redirect_stdout(stream):
        for message in ("one", "two"):
            handler.write_soon(LOG, _line(message), ())
            handler.flush()
            handler.write_soon(LOG, _line(message), ())
            await asyncio.sleep(LATER)
    assert stream.getvalue() == "one\none\ntwo\ntwo\n"


async def test_a_line_is_written_by_whatever_formats_when_its_turn_comes() -> None:
    handler, stream = _handler(), Stream()
    handler.write_soon(LOG, _line("one"), ())
    handler.setFormatter(RecordFormatter(lambda entry: entry.message.upper()))
    handler.write_soon(LOG, _line("two"), ())
    with contextlib.redirect_stdout(stream):
        await asyncio.sleep(LATER)
        handler.setFormatter(logging.Formatter("%(message)s"))
        handler.write_soon(LOG, _line("three"), ())
        await asyncio.sleep(LATER)
    assert stream.getvalue() == "ONE\nTWO\nthree\n"


def test_lines_of_a_loop_that_has_ended_are_not_lost() -> None:
    handler, stream = _handler(), Stream()

    async def write(message: str, *, turn: bool) -> None:
        handler.write_soon(LOG, _line(message), ())
        await asyncio.sleep(LATER if turn else -1)

    with contextlib.redirect_stdout(stream):
        loop = asyncio.new_event_loop()
        loop.call_soon(loop.stop)
        task = loop.create_task(write("one", turn=False))
        loop.run_forever()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()
        asyncio.run(write("two", turn=True))
        handler.flush()
    assert stream.getvalue() == "one\ntwo\n"


async def test_lines_are_left_to_others_as_soon_as_somebody_else_hears_them() -> None:
    handler, stream = _handler(), Stream()
    LOG.propagate = True
    root, other = logging.getLogger(), logging.NullHandler()
    present = list(root.handlers)
    root.handlers.clear()
    try:
        with contextlib.redirect_stdout(stream):
            assert handler.write_soon(LOG, _line("one"), ())
            root.addHandler(other)
            assert not handler.write_soon(LOG, _line("two"), ())
            root.removeHandler(other)
            assert handler.write_soon(LOG, _line("three"), ())
            handler.flush()
    finally:
        root.handlers[:] = present
    assert stream.getvalue() == "one\nthree\n"


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
