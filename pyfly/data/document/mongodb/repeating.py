"""When a transaction of MongoDB may be attempted again."""

from collections.abc import Iterable

from pyfly.data.document.mongodb.errors import is_undone
from pyfly.data.repeating import Repeatable, Repeating


class MongoRepeating(Repeating):
    """How often, how soon, and after which failures, lost connections among them.

    PyMongo itself repeats single commands. A transaction whose connection broke has been undone, unless its commit
    was on the way: PyMongo tells the two apart.
    """

    def is_repeatable(self, failure: BaseException, arguments: Iterable[object]) -> bool:
        """Return whether the transaction was given up or lost its connection, and no document was handed in."""
        arguments = tuple(arguments)
        if super().is_repeatable(failure, arguments):
            return True
        is_lost = Repeatable.CONNECTION in self.errors and is_undone(failure.__cause__)
        return is_lost and not any(map(self._has_entity, arguments))
