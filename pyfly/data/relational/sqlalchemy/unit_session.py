"""The session of an explicit transaction: how it begins, ends, and undoes a part of itself."""

import logging
from typing import ClassVar, Final

from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state

from pyfly.data.relational.sqlalchemy.dialects import Beginning, begin
from pyfly.data.relational.sqlalchemy.errors import translated
from pyfly.data.transaction_options import TransactionOptions

_log = logging.getLogger("pyfly.data")

_BEGINNING: Final = "pyfly.beginning"


class TransactionSession(Session):
    """The session of an explicit transaction; its connection is taken when it is first used."""

    tells_hooks: ClassVar[bool] = False

    def concerns(self, model: type) -> bool:
        """Return whether hooks want to hear of each entity of the class *model*."""
        return False


def is_heard_in(session: Session, model: type) -> bool:
    """Return whether hooks want to hear of each entity of the class *model* that is changed in *session*."""
    return isinstance(session, TransactionSession) and session.tells_hooks and session.concerns(model)


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
        give_back(session)


def give_back(session: Session) -> None:
    """Undo what is not committed, and give the connection back.

    One that broke meanwhile is thrown away without a word: what it was needed for is done or has failed already, and the
    database has undone the rest.
    """
    transaction = session.get_transaction()
    try:
        session.close()
    except (OSError, SQLAlchemyError):
        _log.debug("A connection broke while it was given back", exc_info=True)
        if transaction is not None:
            transaction.close(invalidate=True)


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
