"""Fields that the container sets after construction."""

from typing import Annotated, Any, Protocol

import pytest

from pyfly.container import Autowired, Container, NoSuchBeanError, Problem, Provider, Qualifier
from tests.container.support import container_of


class Clock: ...


class Mailer(Protocol):
    """A port."""


class SmtpMailer(Mailer): ...


class Report:
    clock: Clock = Autowired()
    mailer: Mailer = Autowired()
    missing: "Absent | None" = Autowired(required=False)

    def __init__(self, other: Clock) -> None:
        self.other = other


class Absent: ...


def test_fields_are_set_besides_the_constructor() -> None:
    container = container_of(Clock, SmtpMailer, Report)
    report = container.resolve(Report)
    assert report.clock is report.other is container.resolve(Clock)
    assert isinstance(report.mailer, SmtpMailer)
    assert report.missing is None


def test_a_required_field_without_bean_is_an_error_that_names_it() -> None:
    class Holder:
        clock: Clock = Autowired()

    with pytest.raises(NoSuchBeanError, match=r"Holder, field 'clock' \(.*\), needs a bean of type Clock"):
        container_of(Holder).resolve(Holder)


def test_a_field_may_be_chosen_by_name_in_both_spellings() -> None:
    class Holder:
        one: Clock = Autowired(qualifier="utc")
        two: Annotated[Clock, Qualifier("local")] = Autowired()
        three = Autowired(qualifier="utc")

    container = container_of(Holder)
    container.register(Clock, name="utc")
    container.register(Clock, name="local")
    holder = container.resolve(Holder)
    assert holder.one is holder.three is container.resolve_by_name("utc")
    assert holder.two is container.resolve_by_name("local")


def test_a_field_without_annotation_and_qualifier_is_refused() -> None:
    class Holder:
        clock = Autowired()

    with pytest.raises(Problem, match=r"field 'clock'.*has no type annotation"):
        container_of(Holder).resolve(Holder)


def test_fields_of_bases_are_set_unless_a_subclass_overrides_them() -> None:
    class Base:
        clock: Clock = Autowired()
        mailer: Any = Autowired(qualifier="nobody")

    class Child(Base):
        mailer = "none"

    child = container_of(Clock, Child).resolve(Child)
    assert isinstance(child.clock, Clock)
    assert child.mailer == "none"


def test_an_annotation_that_cannot_be_evaluated_is_an_error_that_names_the_class() -> None:
    class Holder:
        clock: "Klock" = Autowired()  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(Problem, match=r"The annotations of Holder .* cannot be read"):
        container_of(Holder).resolve(Holder)


def test_every_transient_gets_its_fields() -> None:
    class Part:
        clock: Clock = Autowired()
        later: Provider[Clock] = Autowired()

    container = Container()
    container.register(Clock)
    container.register(Part, scope="transient")
    one, two = container.resolve(Part), container.resolve(Part)
    assert one is not two
    assert one.clock is two.clock is two.later.get()


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (Autowired(), "Autowired()"),
        (Autowired(qualifier="foo"), "Autowired(qualifier='foo')"),
        (Autowired(required=False), "Autowired(required=False)"),
        (Autowired(qualifier="x", required=False), "Autowired(qualifier='x', required=False)"),
    ],
    ids=str,
)
def test_the_marker_shows_how_it_was_written(field: Any, shown: str) -> None:
    assert repr(field) == shown
