"""Pointcuts: patterns, designators, logic, and what is said about mistakes."""

from contextlib import suppress
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.aop import PointcutSyntaxError, UnknownAnnotationError, annotation, matches_pointcut
from pyfly.aop._facts import MethodFacts, prefixes_of
from pyfly.aop.pointcut import Pointcut
from pyfly.container import service
from tests.container.support import picture
from tests.timing import fastest

marked = annotation()
HERE = __name__


class Port(Protocol):
    def place(self) -> None: ...


class Base:
    def inherited(self) -> None: ...


@service
class Orders(Base, Port):
    @marked
    def place(self) -> None: ...

    def cancel(self) -> None: ...

    def _secret(self) -> None: ...

    @marked
    def _hidden(self) -> None: ...


def means(text: str, method: str, bean: str = "orders") -> bool:
    names = tuple(f"{prefix}.{method}" for prefix in prefixes_of(Orders))
    return Pointcut(text).matches(MethodFacts(Orders, method, getattr(Orders, method), names, bean))


@pytest.mark.parametrize(
    ("text", "place", "cancel"),
    [
        ("service.Orders.*", True, True),
        (f"{HERE}.Orders.place", True, False),
        (f"@annotation({HERE}.marked)", True, False),
        (f"not @annotation({HERE}.marked)", False, True),
        (f"within({HERE}.*)", True, True),
        (f"within({HERE}.Port)", True, False),
        ("within(elsewhere.**)", False, False),
        ("bean(ord*)", True, True),
        ("bean(order)", False, False),
        ("bean(orders) and **.place", True, False),
        ("bean(orders) && !**.place", False, True),
        ("**.place or **.cancel and bean(nobody)", True, False),
        ("(**.place || **.cancel) and bean(nobody)", False, False),
        ("not not **.place", True, False),
        ("not (**.place or **.cancel)", False, False),
        ("*", True, True),
    ],
)
def test_a_pointcut_means_methods(text: str, place: bool, cancel: bool) -> None:
    assert (means(text, "place"), means(text, "cancel")) == (place, cancel)


def test_methods_are_found_by_stereotype_and_by_module() -> None:
    assert means("service.Orders.inherited", "inherited")
    assert means(f"{HERE}.Orders.inherited", "inherited")
    assert means(f"within({HERE}.Base)", "inherited")
    assert not means(f"within({HERE}.Base)", "place")


@pytest.mark.parametrize("text", ["*", "service.*.*", f"within({HERE}.**)", "bean(orders)", "not **.place"])
def test_private_methods_are_not_meant_by_what_is_around_them(text: str) -> None:
    assert not means(text, "_secret")


@pytest.mark.parametrize(
    "text", ["**._secret", "**._*", "bean(orders) and **._secret", "bean(x) or **._secret"]
)
def test_private_methods_are_meant_by_their_own_name(text: str) -> None:
    assert means(text, "_secret")


def test_private_methods_are_meant_by_their_annotation() -> None:
    assert means(f"bean(orders) and @annotation({HERE}.marked)", "_hidden")
    assert not means(f"bean(orders) or @annotation({HERE}.marked)", "_secret")


def test_names_alone_can_be_asked() -> None:
    assert matches_pointcut("service.*.*", "service.Orders.place")
    assert matches_pointcut("service.** and not **.place", "service.Orders.cancel")
    assert matches_pointcut("**.*", "module._private")
    assert not matches_pointcut("bean(orders)", "service.Orders.place")


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "a pattern"),
        ("service.* and", 13, "a pattern"),
        ("(service.*", 10, "')'"),
        ("service.*)", 9, "'and' or 'or'"),
        ("service.* service.*", 10, "'and' or 'or'"),
        ("@annotation", 11, "'('"),
        ("@annotation()", 12, "a name"),
        ("within(a", 8, "')'"),
        ("execution(a)", 0, "@annotation(…), within(…), bean(…) or a pattern"),
        ("a, b", 1, "a pattern"),
        ("(" * 60 + "a" + ")" * 60, 51, "at most 50 parentheses inside each other"),
    ],
)
def test_a_mistake_is_told_with_its_position(text: str, position: int, expected: str) -> None:
    with pytest.raises(PointcutSyntaxError) as failure:
        Pointcut(text)
    assert failure.value.position == position
    assert f"expected {expected} at position {position}" in str(failure.value)


def test_the_report_of_a_mistake() -> None:
    with pytest.raises(PointcutSyntaxError) as failure:
        Pointcut("service.* adn bean(x)")
    assert (
        picture(failure.value)
        .strip()
        .endswith(
            "The pointcut 'service.* adn bean(x)' cannot be read: expected 'and' or 'or' at position 10, found 'adn bean(x)'.\n\n"
            "What to do\n"
            "    Write name patterns, @annotation(…), within(…) and bean(…), joined by and, or, not and parentheses."
        )
    )


@given(st.text("ab.*()!&| @", max_size=30))
def test_any_text_is_a_pointcut_or_a_syntax_error(text: str) -> None:
    read = None
    with suppress(PointcutSyntaxError):
        read = Pointcut(text)
    if read is not None:
        with suppress(UnknownAnnotationError):
            read.matches(MethodFacts(Orders, "place", Orders.place, ("a.b",)))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "not " * 2_500 + "a",
        "a or " * 2_000 + "a",
        "a and " * 1_666 + "a",
        " " * 10_000,
        "&" * 10_000,
    ],
    ids=["parentheses", "not", "or", "and", "spaces", "junk"],
)
def test_ten_thousand_hostile_characters_are_read_in_ten_milliseconds(text: str) -> None:
    def read() -> None:
        with suppress(PointcutSyntaxError):
            Pointcut(text).matches(MethodFacts(Orders, "place", Orders.place, ("a",)))

    assert fastest(read, enough=0.01) <= 0.01
