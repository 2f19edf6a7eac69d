"""Lets listeners of events wait for the commit of the current transaction."""

from collections.abc import Awaitable, Callable

from pyfly.context.events import TransactionPhase
from pyfly.data.transactions import after_commit


class CurrentTransactionPhase(TransactionPhase):
    """The end of whatever transaction runs where an event is published."""

    def after_commit(self, callback: Callable[[], Awaitable[object] | object]) -> bool:
        """Call *callback* once the current transaction has committed. Return whether there is one."""
        try:
            after_commit(callback)
        except RuntimeError:
            return False
        return True
