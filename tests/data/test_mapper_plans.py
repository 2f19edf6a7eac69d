"""Plans of mappers are made once per pair of classes; entities that are not loaded whole are sources too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, defer, load_only, mapped_column

from pyfly.data import Mapper
from pyfly.data.mapping_fields import target_fields


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Report(Tables):
    __tablename__ = "mapped_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(deferred=True)


@dataclass
class Whole:
    id: int
    title: str
    body: str


@dataclass
class Heading:
    id: int
    title: str


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Tables.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Report(id=1, title="t", body="b"))
        session.commit()
        session.expunge_all()
        yield session
    engine.dispose()


def test_the_fields_of_a_pair_of_classes_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[type] = []

    def counted(cls: type) -> Any:
        looked.append(cls)
        return target_fields(cls)

    monkeypatch.setattr("pyfly.data.mapper.target_fields", counted)
    one = Mapper()
    wholes = [Whole(number, "t", "b") for number in range(20)]
    assert one.map_list(wholes, Heading)[-1] == Heading(19, "t")
    assert one.map(wholes[0], Heading) == Heading(0, "t")
    assert looked == [Heading]
    assert one.map(Heading(1, "t"), Heading) == Heading(1, "t")
    assert looked == [Heading, Heading]  # another pair


@pytest.mark.parametrize("option", [load_only(Report.id), defer(Report.title)], ids=["unloaded", "deferred"])
def test_columns_that_are_not_loaded_yet_are_loaded_when_they_are_mapped(
    session: Session, option: Any
) -> None:
    report = session.scalars(select(Report).options(option)).one()
    assert "title" not in vars(report)
    assert Mapper().map(report, Whole) == Whole(1, "t", "b")


def test_what_has_expired_is_read_again(session: Session) -> None:
    report = session.get_one(Report, 1)
    session.expire(report)
    assert Mapper().map(report, Heading) == Heading(1, "t")


def test_columns_that_the_target_does_not_have_are_never_loaded(session: Session) -> None:
    sent: list[str] = []
    event.listen(session.bind, "before_cursor_execute", lambda _c, _cursor, text, *_rest: sent.append(text))
    report = session.get_one(Report, 1)
    assert Mapper().map(report, Heading) == Heading(1, "t")
    assert "body" not in vars(report)
    assert len(sent) == 1
