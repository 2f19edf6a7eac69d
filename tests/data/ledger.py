"""A ledger, written to by SQL alone: what transactions do to it can be seen from outside."""

from sqlalchemy import String, delete, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Books(DeclarativeBase):
    """The tables of these tests."""


class Entry(Books):
    __tablename__ = "entries"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    amount: Mapped[int] = mapped_column(default=0)


def add(session: Session, name: str, amount: int = 0) -> None:
    session.execute(insert(Entry).values(name=name, amount=amount))


def names(session: Session) -> list[str]:
    return sorted(session.scalars(select(Entry.name)))


def clear(session: Session) -> None:
    session.execute(delete(Entry))
