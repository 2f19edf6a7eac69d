"""An injected ``AsyncSession``: whichever one belongs to the transaction that runs where it is used."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from pyfly.data.exceptions import IllegalTransactionStateError
from pyfly.data.relational.sqlalchemy.transaction_manager import SqlAlchemyTransactionManager

_MANAGER: Final = "pyfly_manager"
_OPEN: Final = ("stream", "stream_scalars", "connection", "rollback", "begin_nested")
"""What leaves something open, or undoes it, and so needs a transaction around it."""


class CurrentSession(AsyncSession):
    """The session of the current transaction. Without one, each call runs in one of its own that is committed.

    Beans, which live as long as the application, can keep it. Transactions end with the unit of work that began
    them, so inside of one there is nothing to commit here.
    """

    def __init__(self, manager: SqlAlchemyTransactionManager) -> None:
        """Be the session of the transactions of *manager*."""
        vars(self)[_MANAGER] = manager

    def __getattribute__(self, name: str) -> Any:
        """Return what the current session has by that name.

        Raises:
            IllegalTransactionStateError: It needs a transaction, or would end one that others have begun.
        """
        if name.startswith("__") or not hasattr(AsyncSession, name):
            return object.__getattribute__(self, name)
        manager: SqlAlchemyTransactionManager = vars(self)[_MANAGER]
        if name == "begin":
            return manager.transaction
        current = manager.current()
        if name == "close" or (name == "commit" and current is None):
            return _nothing
        if name in ("commit", "rollback"):
            raise IllegalTransactionStateError(
                f"session.{name}() would end a transaction before the unit of work that has begun it",
                "Leave that to @transactional, or call set_rollback_only().",
            )
        if current is not None:
            return getattr(getattr(current, "session"), name)  # noqa: B009  # of this manager all have one
        if name in _OPEN or not iscoroutinefunction(getattr(AsyncSession, name)):
            raise IllegalTransactionStateError(
                f"session.{name} needs a transaction", "Mark the method that uses it @transactional."
            )
        return _in_a_session_of_its_own(manager, name)


async def _nothing() -> None:
    """Do nothing: what was done outside of transactions has been committed."""


def _in_a_session_of_its_own(manager: SqlAlchemyTransactionManager, name: str) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        async with manager.session() as session:
            return await getattr(session, name)(*args, **kwargs)

    return call
