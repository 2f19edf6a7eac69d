"""When a transaction of MongoDB may be attempted again."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from pyfly.data.document.mongodb.errors import is_undone
from pyfly.data.exceptions import TransactionConflictError
from pyfly.data.repeating import EVERYTHING, Repeatable, Repeating


class MongoRepeating(Repeating):
    """How often, how soon, and after which failures, lost connections among them.

    PyMongo itself repeats single commands. A transaction whose connection broke has been undone, unless its commit
    was on the way: PyMongo tells the two apart.
    """

    def __init__(
        self,
        max_attempts: int,
        backoff: timedelta,
        is_entity: Callable[[object], bool],
        errors: Iterable[Repeatable] = EVERYTHING,
    ) -> None:
        """Allow *max_attempts* after *errors*, the second after at most *backoff*, unless documents were handed in."""
        super().__init__(max_attempts, backoff, is_entity, errors)
        self._undone = Repeating(max_attempts, backoff, is_entity, (Repeatable.CONFLICT,))

    def is_repeatable(self, failure: BaseException, arguments: Iterable[object]) -> bool:
        """Return whether the transaction was given up or lost its connection, and no document was handed in."""
        arguments = tuple(arguments)
        if Repeatable.CONNECTION in self.errors and is_undone(failure.__cause__):
            # As little is left of it as of one that was given up.
            return self._undone.is_repeatable(TransactionConflictError(), arguments)
        return super().is_repeatable(failure, arguments)
