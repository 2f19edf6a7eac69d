from collections.abc import Callable

from pyfly.web.streams import OpenStreams


def test_everything_that_is_open_is_told_once_to_end() -> None:
    streams, told = OpenStreams(), list[str]()
    streams.add(lambda: told.append("first"))
    forget = streams.add(lambda: told.append("second"))
    streams.add(lambda: told.append("third"))
    forget()
    forget()
    assert len(streams) == 2
    streams.end()
    assert sorted(told) == ["first", "third"]


def test_what_opens_after_the_end_is_told_at_once() -> None:
    streams, told = OpenStreams(), list[str]()
    streams.end()
    streams.add(lambda: told.append("late"))
    assert (streams.ending, told) == (True, ["late"])


def test_what_ends_may_forget_itself_while_it_is_told() -> None:
    streams = OpenStreams()
    forgets: list[Callable[[], None]] = []

    def end() -> None:
        forgets.pop()()

    forgets.append(streams.add(end))
    streams.end()
    assert len(streams) == 0
