"""Lets listeners of events wait for the end of the current transaction."""

from collections.abc import Awaitable, Callable

from pyfly.context.events import TransactionPhase
from pyfly.data.transactions import after_commit, after_rollback, before_commit

_Callback = Callable[[], Awaitable[object] | object]


class CurrentTransactionPhase(TransactionPhase):
    """The end of whatever transaction runs where an event is published."""

    def before_commit(self, callback: _Callback) -> bool:
        """Call *callback* when the current transaction is about to commit. Return whether there is one."""
        return _left_to(before_commit, callback)

    def after_commit(self, callback: _Callback) -> bool:
        """Call *callback* once the current transaction has committed. Return whether there is one."""
        return _left_to(after_commit, callback)

    def after_rollback(self, callback: _Callback) -> bool:
        """Call *callback* once the current transaction has rolled back. Return whether there is one."""
        return _left_to(after_rollback, callback)


def _left_to(register: Callable[[_Callback], None], callback: _Callback) -> bool:
    try:
        register(callback)
    except RuntimeError:
        return False
    return True
