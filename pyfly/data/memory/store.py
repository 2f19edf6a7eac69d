"""What is kept in memory, and the view that one transaction has of it."""

import threading
from collections.abc import Iterator
from typing import Any

from pyfly.data.exceptions import TransactionConflictError
from pyfly.data.memory.entities import EntityModel, Key
from pyfly.kernel.exceptions import DataIntegrityException

Rows = dict[Key, Any]


class MemoryStore:
    """The committed entities of every class."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._tables: dict[EntityModel[Any], Rows] = {}
        self._lock = threading.Lock()

    def rows(self, model: EntityModel[Any]) -> Rows:
        """Return the committed entities of *model* by their identity. They are never changed, only replaced."""
        return self._tables.setdefault(model, {})

    def keeps(self, entity: object) -> bool:
        """Say whether *entity* is of a class whose objects are kept here."""
        return isinstance(entity, tuple(model.model for model in self._tables))

    def commit(
        self, changes: dict[EntityModel[Any], Rows], seen: dict[tuple[EntityModel[Any], Key], Any]
    ) -> None:
        """Make *changes* permanent, all or none.

        Raises:
            TransactionConflictError: An entity was changed by another transaction since it was *seen*.
            DataIntegrityException: Another transaction has stored the same unique value.
        """
        with self._lock:
            for model, rows in changes.items():
                self._check(model, rows, seen)
            for model, rows in changes.items():
                committed = self.rows(model)
                for key, row in rows.items():
                    if row is None:
                        committed.pop(key, None)
                    else:
                        committed[key] = row

    def _check(
        self, model: EntityModel[Any], rows: Rows, seen: dict[tuple[EntityModel[Any], Key], Any]
    ) -> None:
        committed = self.rows(model)
        if any(committed.get(key) is not seen.get((model, key)) for key in rows):
            raise TransactionConflictError
        after = [row for row in {**committed, **rows}.values() if row is not None]
        if model.unique and any(
            row is not None and model.violated(row, iter(after)) for row in rows.values()
        ):
            raise not_unique()


class MemorySession:
    """What one transaction sees: what is committed, and its own changes over it."""

    def __init__(self, store: MemoryStore) -> None:
        """Look at *store*."""
        self._store = store
        self._changes: dict[EntityModel[Any], Rows] = {}
        self._seen: dict[tuple[EntityModel[Any], Key], Any] = {}

    def all(self, model: EntityModel[Any]) -> Iterator[Any]:
        """Yield the stored form of each entity; it must not be changed."""
        own = self._changes.get(model, {})
        # A list first: another thread may commit meanwhile.
        for key, row in list(self._store.rows(model).items()):
            if key not in own:
                yield row
        yield from (row for row in list(own.values()) if row is not None)

    def get(self, model: EntityModel[Any], key: Key) -> Any:
        """Return the stored form of the entity, or ``None``."""
        own = self._changes.get(model, {})
        return own[key] if key in own else self._store.rows(model).get(key)

    def put(self, model: EntityModel[Any], key: Key, row: Any) -> None:
        """Replace the entity; ``None`` removes it."""
        own = self._changes.setdefault(model, {})
        if key not in own:
            self._seen[model, key] = self._store.rows(model).get(key)
        own[key] = row

    def commit(self) -> None:
        """Make the changes permanent.

        Raises:
            TransactionConflictError: They conflict with those of another transaction.
            DataIntegrityException: Another transaction has stored the same unique value.
        """
        changes, self._changes = self._changes, {}
        self._store.commit(changes, self._seen)

    def mark(self) -> dict[EntityModel[Any], Rows]:
        """Return what has been changed so far."""
        return {model: dict(rows) for model, rows in self._changes.items()}

    def back_to(self, mark: dict[EntityModel[Any], Rows]) -> None:
        """Forget what has been changed since *mark*."""
        self._changes = mark


def not_unique() -> DataIntegrityException:
    """Return the error for a value that is there already."""
    return DataIntegrityException(
        "The change violates a unique constraint", "DATA_INTEGRITY", {"constraint": "unique"}
    )
