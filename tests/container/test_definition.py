"""What a definition knows about itself."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pyfly.container import Autowired, BeanDefinition, Container, Scope
from pyfly.container.definition import Making, Origin, origin_of, scope_text


class Clock: ...


@dataclass
class Settings:
    clock: Clock


class Service:
    later: Clock = Autowired()

    def __init__(self, clock: Clock) -> None:
        later = clock
        self.clock = later


def plain() -> Clock:
    return Clock()


async def coroutine() -> Clock:
    return Clock()


def generator() -> Iterator[Clock]:
    yield Clock()


async def async_generator() -> AsyncIterator[Clock]:
    yield Clock()


def line_of(text: str) -> int:
    return Path(__file__).read_text(encoding="utf-8").splitlines().index(text) + 1


@pytest.mark.parametrize(
    ("factory", "making", "needs_await"),
    [
        (None, Making.PLAIN, False),
        (plain, Making.PLAIN, False),
        (coroutine, Making.COROUTINE, True),
        (generator, Making.GENERATOR, False),
        (async_generator, Making.ASYNC_GENERATOR, True),
    ],
)
def test_how_a_bean_is_made_is_read_from_its_factory(factory: Any, making: Making, needs_await: bool) -> None:
    definition = BeanDefinition(Clock, name="clock", factory=factory)
    assert (definition.making, definition.making.needs_await) == (making, needs_await)


def test_the_origin_of_a_class_and_of_a_factory_is_where_they_are_written() -> None:
    assert BeanDefinition(Clock, name="a").origin == Origin(__file__, line_of("class Clock: ..."))
    assert BeanDefinition(Clock, name="b", factory=plain).origin == Origin(
        __file__, line_of("def plain() -> Clock:")
    )


def test_the_origin_of_something_built_in_is_unknown() -> None:
    assert origin_of(list).line == 0


def test_files_below_the_working_directory_are_shown_relative(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    assert str(Origin(__file__, 3)) == "test_definition.py:3"
    monkeypatch.chdir(Path(__file__).parent / "sample")
    assert str(Origin(__file__, 3)) == f"{__file__}:3"


def points(cls: type) -> list[str]:
    definition = BeanDefinition(cls, name="bean")
    return [definition.point(each) for each in (*definition.plan(), *definition.fields())]


def test_an_injection_point_is_described_with_its_kind_and_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    constructor = line_of("    def __init__(self, clock: Clock) -> None:")
    assert points(Service) == [
        f"parameter 'clock' (test_definition.py:{constructor})",
        f"field 'later' (test_definition.py:{line_of('class Service:')})",
    ]


def test_the_parameter_of_a_dataclass_is_shown_at_the_line_of_the_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    shown = {f"parameter 'clock' (test_definition.py:{line_of('@dataclass') + offset})" for offset in (0, 1)}
    assert points(Settings)[0] in shown


def test_an_object_that_exists_needs_nothing() -> None:
    definition = Container().register_instance(Service(Clock()))
    assert definition.created
    assert definition.plan() == definition.fields() == ()


@pytest.mark.parametrize(("scope", "text"), [(Scope.REQUEST, "request"), ("tenant", "tenant")], ids=str)
def test_the_name_of_a_scope_is_readable(scope: Scope | str, text: str) -> None:
    assert scope_text(scope) == text
