"""What every repository can change, whatever its store, and who is told of it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any, ClassVar, Literal, TypeVar

from pyfly.container.autowired import Autowired
from pyfly.data.derivation.weaving import QueryMethods
from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Sort
from pyfly.data.ports.hooks import Change, EntityHooks
from pyfly.data.ports.saving import SaveListener
from pyfly.data.repository_reads import RepositoryReads, required
from pyfly.data.specification import Specification
from pyfly.data.sync_repository import SyncRepository
from pyfly.data.transactions import TransactionManager
from pyfly.kernel.exceptions import ConcurrencyException

T = TypeVar("T")
ID = TypeVar("ID")


class RepositoryFront(RepositoryReads[T, ID]):
    """A repository without its store: subclasses say what it works on, and where."""

    _transactions: Any
    _queries: ClassVar[str]
    _listeners: tuple[SaveListener, ...] = Autowired(required=False)
    _hooks: EntityHooks | None = Autowired(required=False)

    @classmethod
    def query_methods(cls) -> QueryMethods:
        """Return what implements methods without a body."""
        module, _, name = cls._queries.partition(":")
        queries: QueryMethods = getattr(import_module(module), name)
        return queries

    def run_read_now(self, operation: Callable[..., Any], *args: Any) -> Any:
        """Do what :meth:`run_read` does for code that is not async."""
        result = self._transactions.sync.read(operation, *args)
        hooks = self._hooks
        if hooks is not None and hooks.has_loads:
            for entity in entities_in(result, self._model):
                hooks.loaded_now(entity)
        return result

    async def run_write(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run *operation* in the current transaction, or in one of its own that is committed."""
        raise NotImplementedError

    @property
    def sync(self) -> SyncRepository[T, ID]:
        """The same repository for code that is not async."""
        return SyncRepository(self)

    async def save(self, entity: T) -> T:
        """Insert or update *entity* and return the stored one.

        An entity that was loaded before is updated with what changed. A new one whose key is set is
        merged into the row of that key, if there is one. Use the returned object from then on.

        Raises:
            DataIntegrityException: A constraint is violated.
            ConcurrencyException: Its version is no longer the stored one.
        """
        try:
            if self._is_quiet((entity,)):
                saved: T = await self.run_write(self._operations.save, entity)
                return saved
            return (await self._saved([entity]))[0]
        except ConcurrencyException as failure:
            await self._add_version(failure, entity)
            raise

    async def save_all(self, entities: Iterable[T]) -> list[T]:
        """Insert or update *entities* together and return the stored ones in the same order."""
        several = list(entities)
        if self._is_quiet(several):
            saved: list[T] = await self.run_write(self._operations.save_all, several)
            return saved
        return await self._saved(several)

    async def delete(self, entity_or_id: T | ID) -> None:
        """Remove an entity, given itself or its id; an absent one is not an error."""
        await self._deleted((entity_or_id,), self._operations.delete, entity_or_id)

    async def delete_by_id(self, id: ID) -> None:
        """Remove the entity with that id; an absent one is not an error."""
        await self._deleted((id,), self._operations.delete_by_id, id)

    async def delete_all(self, entities_or_ids: Iterable[T | ID] | None = None) -> None:
        """Remove the given entities (themselves or their ids), or every one there is."""
        if entities_or_ids is None:
            all_of_them = partial(_everything, self._operations)
            await self.run_change(self._operations.delete_all, doomed=all_of_them)
        else:
            several = list(entities_or_ids)
            await self._deleted(several, self._operations.delete_each, several)

    async def delete_all_by_id(self, ids: Iterable[ID]) -> None:
        """Remove the entities with those ids; absent ones are not an error."""
        await self.delete_all(ids)

    async def delete_by_spec(self, spec: Specification[T]) -> int:
        """Remove the entities that meet *spec*, and return how many they were."""
        selected = partial(_selected, self._operations, spec)
        removed: int = await self.run_change(self._operations.delete_selected, spec, doomed=selected)
        return removed

    async def restore(self, id: ID) -> T:
        """Bring back an entity whose deletion was only marked.

        Raises:
            ResourceNotFoundException: There is none.
        """
        found: T | None = await self.run_change(self._operations.restore, id)
        return required(found, self._model)

    async def purge(self, id: ID) -> None:
        """Remove an entity for good, marked as deleted or not; an absent one is not an error."""
        await self._deleted((id,), self._operations.purge, id)

    async def run_change(
        self, operation: Callable[..., Any], *args: Any, doomed: Callable[[Any], list[Any]] | None = None
    ) -> Any:
        """Run *operation*, which finds by itself what it changes, so that hooks hear of it.

        Args:
            operation: The operation.
            args: Its arguments.
            doomed: Returns what it will delete, for stores whose sessions do not tell hooks themselves.
        """
        if not self._is_heard:
            return await self.run_write(operation, *args)
        manager: TransactionManager = self._transactions
        async with manager.transaction():
            hooks = self._own_hooks
            gone = [] if hooks is None or doomed is None else await self.run_read(doomed)
            await _tell(hooks, "before", "delete", gone)
            result = await self.run_write(operation, *args)
            await _tell(hooks, "after", "delete", gone)
        return result

    async def _add_version(self, failure: ConcurrencyException, entity: T) -> None:
        """Tell in *failure* which version is stored now, if that can be found out."""

    @property
    def _is_standalone(self) -> bool:
        """Whether the repository was made by hand, so that nobody can be told anything."""
        return False

    @property
    def _is_told_by_store(self) -> bool:
        """Whether the sessions of transactions tell hooks of what changes in them, whatever has changed it."""
        return False

    @property
    def _is_heard(self) -> bool:
        """Whether hooks want to hear of changes."""
        return not self._is_standalone and self._hooks is not None and self._hooks.concern(self._model)

    @property
    def _own_hooks(self) -> EntityHooks | None:
        """The hooks that the repository itself has to call."""
        return self._hooks if self._is_heard and not self._is_told_by_store else None

    def _is_quiet(self, entities: Sequence[object]) -> bool:
        if self._is_standalone:
            return True
        return not (self._is_heard or any(listener.concerns(entities) for listener in self._listeners))

    async def _given(self, hooks: EntityHooks, result: Any) -> Any:
        """Return *result*, whose entities hooks have seen; for stores that load each entity anew."""
        for entity in entities_in(result, self._model):
            await finished(hooks.loaded(entity))
        return result

    def _tell(self, entities: Sequence[object]) -> None:
        for listener in self._listeners:
            if listener.concerns(entities):
                listener.saved(entities)

    async def _saved(self, entities: list[T]) -> list[T]:
        manager: TransactionManager = self._transactions
        async with manager.transaction():
            hooks = self._own_hooks
            new: list[bool] = []
            if hooks is not None:
                new = await self.run_read(self._operations.are_new, entities)
                for entity, is_new in zip(entities, new, strict=True):
                    await finished(hooks.before("create" if is_new else "update", entity))
            stored: list[T] = await self.run_write(self._operations.save_all, entities)
            if hooks is not None:
                for entity, is_new in zip(stored, new, strict=True):
                    await finished(hooks.after("create" if is_new else "update", entity))
            self._tell(entities)
        return stored

    async def _deleted(self, targets: Sequence[Any], operation: Callable[..., Any], argument: Any) -> None:
        if self._is_quiet(targets):
            await self.run_write(operation, argument)
            return
        manager: TransactionManager = self._transactions
        async with manager.transaction():
            hooks = self._own_hooks
            gone: list[T] = [] if hooks is None else await self.run_read(self._operations.loaded, targets)
            await _tell(hooks, "before", "delete", gone)
            await self.run_write(operation, argument)
            await _tell(hooks, "after", "delete", gone)
            self._tell(targets)


def entities_in(result: Any, model: type) -> Iterator[Any]:
    """Yield the entities of the class *model* in what an operation has returned."""
    if isinstance(result, Page | Slice | Cursor):
        result = result.items
    elif isinstance(result, tuple) and len(result) == 2:
        result = result[0]  # some of a stream, and where it goes on
    for each in result if isinstance(result, list) else (result,):
        if isinstance(each, model):
            yield each


def _everything(operations: Any, session: Any) -> list[Any]:
    found: list[Any] = operations.find_all(session, Sort(), {})
    return found


def _selected(operations: Any, spec: Any, session: Any) -> list[Any]:
    found: list[Any] = operations.select(session, spec, None)
    return found


async def _tell(
    hooks: EntityHooks | None, when: Literal["before", "after"], change: Change, entities: Iterable[object]
) -> None:
    if hooks is not None:
        for entity in entities:
            await finished((hooks.before if when == "before" else hooks.after)(change, entity))


async def finished(result: object) -> None:
    """Wait for *result* if it is something to wait for."""
    if isinstance(result, Awaitable):
        await result
