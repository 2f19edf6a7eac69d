"""The repository: a typed collection of entities in a relational database."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.util import greenlet_spawn

from pyfly.container.autowired import Autowired
from pyfly.data.page import Page
from pyfly.data.pageable import Order, Pageable, Sort
from pyfly.data.relational.sqlalchemy.errors import translated
from pyfly.data.relational.sqlalchemy.generics import type_argument
from pyfly.data.relational.sqlalchemy.operations import EntityOperations, operations_of
from pyfly.data.relational.sqlalchemy.transaction_manager import SqlAlchemyTransactionManager

T = TypeVar("T")
ID = TypeVar("ID")
P = ParamSpec("P")
R = TypeVar("R")


class Repository(Generic[T, ID]):
    """Stores entities of type ``T`` whose primary key is of type ``ID`` (a tuple if it is composite).

    A subclass names the entity, ``class OwnerRepository(Repository[Owner, int])``, and needs no
    constructor. It has no state: every call joins the current transaction, or runs in a session of
    its own, which is committed if the call writes. What a call returns is detached afterwards.

    Methods with an empty body and a name such as ``find_by_last_name`` are implemented at start-up.
    """

    _model: type[T]
    _session: AsyncSession | None = None
    _transactions: SqlAlchemyTransactionManager = Autowired()

    def __init__(self, model: type[T] | None = None, session: AsyncSession | None = None) -> None:
        """Work on the entity of the generic argument, in the current transaction.

        Args:
            model: The entity, where no generic argument says so.
            session: Use exactly this session and never commit it.
        """
        if model is not None:
            self._model = model
        elif not hasattr(self, "_model"):
            raise TypeError(
                f"{type(self).__name__} does not say which entity it stores: Repository[Entity, int]"
            )
        self._session = session

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        model = type_argument(cls, Repository)
        if isinstance(model, type):
            cls._model = model

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Offer a session for a query written by hand.

        It is the session of the current transaction. Without one, a transaction begins here and
        ends with the block: committed, or rolled back if the block raises.
        """
        if self._session is not None:
            yield self._session
            return
        async with self._transactions.session() as session:
            yield session

    async def save(self, entity: T) -> T:
        """Insert or update *entity* and return the stored one.

        An entity that was loaded before is updated with what changed. A new one whose key is set is
        merged into the row of that key, if there is one. Use the returned object from then on.
        """
        return await self.run_write(self._operations.save, entity)

    async def save_all(self, entities: Iterable[T]) -> list[T]:
        """Insert or update *entities* together and return the stored ones in the same order."""
        return await self.run_write(self._operations.save_all, list(entities))

    async def find_by_id(self, id: ID) -> T | None:
        """Return the entity with that id, or ``None``."""
        return await self.run_read(self._operations.find_by_id, id)

    @overload
    async def find_all(self, sort_or_pageable: Pageable, /, **filters: Any) -> Page[T]: ...
    @overload
    async def find_all(self, sort_or_pageable: Sort | None = None, /, **filters: Any) -> list[T]: ...
    async def find_all(self, sort_or_pageable: Any = None, /, **filters: Any) -> Any:
        """Return the entities whose properties equal all of *filters* (``None`` means: has no value).

        Args:
            sort_or_pageable: A :class:`Sort` orders the list; a :class:`Pageable` makes it a :class:`Page`.
            filters: Mapped columns and the values that they must have.

        Raises:
            UnknownPropertyError: A filter or the sort names something that is not a mapped column.
        """
        if isinstance(sort_or_pageable, Pageable):
            return await self.run_read(self._operations.find_page, sort_or_pageable, filters)
        return await self.run_read(self._operations.find_all, sort_or_pageable or Sort(), filters)

    async def find_paginated(
        self, page: int = 1, size: int = 20, pageable: Pageable | None = None
    ) -> Page[T]:
        """Return page number *page*; *pageable* wins over the other two and may sort."""
        return await self.run_read(self._operations.find_page, pageable or Pageable(page, size), {})

    async def find_all_paged(self, page: int = 1, size: int = 20, sort: list[str] | None = None) -> Page[T]:
        """Return page number *page*, ordered by the properties of *sort*; ``-name`` sorts descending."""
        orders = [Order.desc(name[1:]) if name.startswith("-") else Order.asc(name) for name in sort or ()]
        return await self.run_read(self._operations.find_page, Pageable(page, size, Sort(tuple(orders))), {})

    async def count(self) -> int:
        """Return how many entities there are."""
        return await self.run_read(self._operations.count)

    async def exists(self, id: ID) -> bool:
        """Return whether an entity has that id, without loading it."""
        return await self.run_read(self._operations.exists, id)

    async def exists_by_id(self, id: ID) -> bool:
        """Return whether an entity has that id, without loading it."""
        return await self.run_read(self._operations.exists, id)

    async def delete(self, entity_or_id: T | ID) -> None:
        """Remove an entity, given itself or its id; an absent one is not an error."""
        await self.run_write(self._operations.delete, entity_or_id)

    async def delete_by_id(self, id: ID) -> None:
        """Remove the entity with that id; an absent one is not an error."""
        await self.run_write(self._operations.delete_by_id, id)

    async def delete_all(self, entities_or_ids: Iterable[T | ID] | None = None) -> None:
        """Remove the given entities (themselves or their ids), or every one there is."""
        if entities_or_ids is None:
            await self.run_write(self._operations.delete_all)
        else:
            await self.run_write(self._operations.delete_each, list(entities_or_ids))

    @property
    def _operations(self) -> EntityOperations[T]:
        return operations_of(self._model)

    async def run_read(
        self, operation: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *operation*, which only reads, in the current transaction or in a session of its own."""
        if self._session is None:
            return await self._transactions.read(operation, *args, **kwargs)
        return await _in_session(self._session, operation, args, kwargs)

    async def run_write(
        self, operation: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *operation* in the current transaction, or in one of its own that is committed."""
        if self._session is None:
            return await self._transactions.write(operation, *args, **kwargs)
        return await _in_session(self._session, operation, args, kwargs)


async def _in_session(session: AsyncSession, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
    with translated():
        return cast("R", await greenlet_spawn(operation, session.sync_session, *args, **kwargs))
