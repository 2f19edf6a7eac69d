"""The session of an explicit transaction: how it begins, ends, and undoes a part of itself."""

from typing import Final

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state

from pyfly.data.relational.sqlalchemy.dialects import Beginning, begin
from pyfly.data.relational.sqlalchemy.errors import translated
from pyfly.data.transaction_options import TransactionOptions

_BEGINNING: Final = "pyfly.beginning"


class TransactionSession(Session):
    """The session of an explicit transaction; its connection is taken when it is first used."""


def session_info(options: TransactionOptions, *, limit_statements: bool) -> dict[str, object]:
    """Return what a session has to know of the transaction with *options*."""
    timeout = options.timeout if limit_statements else None
    return {_BEGINNING: Beginning(options.read_only, options.isolation, timeout)}


@event.listens_for(TransactionSession, "after_begin")
def _begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if not connection.in_nested_transaction():
        begin(connection, session.info.get(_BEGINNING) or Beginning())


def commit(session: Session) -> None:
    """Commit, and give the connection back in any case."""
    try:
        with translated():
            session.commit()
    finally:
        session.close()


def start_part(session: Session) -> SessionTransaction:
    """Begin a part of the transaction that can be undone alone."""
    with translated():
        return session.begin_nested()


def keep_part(part: SessionTransaction) -> None:
    """End the part and keep what was done in it."""
    with translated():
        part.commit()


def undo_part(session: Session, part: SessionTransaction) -> None:
    """Undo what was done in the part, also in the objects that were loaded before it.

    They are read again at once: async code could not load them when it looks at them.
    """
    with translated():
        part.rollback()
        for entity in list(session):
            if expired := instance_state(entity).expired_attributes:
                session.refresh(entity, list(expired))
