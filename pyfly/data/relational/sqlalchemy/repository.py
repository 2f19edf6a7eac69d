"""The repository: a typed collection of entities in a relational database."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.util import greenlet_spawn

from pyfly.container.autowired import Autowired
from pyfly.data.derivation.generics import type_argument
from pyfly.data.naming import manager_name
from pyfly.data.relational.sqlalchemy.current_session import CurrentSession
from pyfly.data.relational.sqlalchemy.errors import translated
from pyfly.data.relational.sqlalchemy.loading import read_aloud, read_aloud_now
from pyfly.data.relational.sqlalchemy.mapping import reached_from
from pyfly.data.relational.sqlalchemy.operations import EntityOperations, operations_of
from pyfly.data.relational.sqlalchemy.transaction_manager import SqlAlchemyTransactionManager
from pyfly.data.repository_writes import RepositoryFront
from pyfly.kernel.exceptions import ConcurrencyException

T = TypeVar("T")
ID = TypeVar("ID")
P = ParamSpec("P")
R = TypeVar("R")


class Repository(RepositoryFront[T, ID]):
    """Stores entities of type ``T`` whose primary key is of type ``ID`` (a tuple if it is composite).

    A subclass names the entity, ``class OwnerRepository(Repository[Owner, int])``, and needs no
    constructor. It has no state: every call joins the current transaction, or runs in a session of
    its own, which is committed if the call writes. What a call returns is detached afterwards.

    Methods with an empty body and a name such as ``find_by_last_name`` are implemented at start-up.
    """

    _queries: ClassVar[str] = "pyfly.data.relational.sqlalchemy.derived:QUERIES"
    _model: type[T]
    _session: AsyncSession | None = None
    _datasource: str = ""
    _transactions: SqlAlchemyTransactionManager = Autowired()

    def __init__(self, model: type[T] | None = None, session: AsyncSession | None = None) -> None:
        """Work on the entity of the generic argument, in the current transaction.

        Args:
            model: The entity, where no generic argument says so.
            session: Use exactly this session and never commit it; an injected one is that of the current transaction.
        """
        if model is not None:
            self._model = model
        elif not hasattr(self, "_model"):
            raise TypeError(
                f"{type(self).__name__} does not say which entity it stores: Repository[Entity, int]"
            )
        self._session = session

    def __init_subclass__(cls, *, datasource: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        if datasource:
            cls.__stereotype_keywords__(datasource=datasource)
        model = type_argument(cls, Repository)
        if isinstance(model, type):
            cls._model = model

    @classmethod
    def __stereotype_keywords__(cls, *, datasource: str = "") -> None:
        """Store the entities in the data source of that name: ``@repository(datasource="analytics")``."""
        if datasource:
            cls._datasource = datasource
            cls._transactions = Autowired(qualifier=manager_name(datasource))

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Offer a session for a query written by hand.

        It is the session of the current transaction. Without one, a transaction begins here and
        ends with the block: committed, or rolled back if the block raises.
        """
        if (pinned := self._pinned) is not None:
            yield pinned
            return
        async with self._transactions.session() as session:
            yield session

    @property
    def _pinned(self) -> AsyncSession | None:
        """The session that everything is done in, whichever transaction runs."""
        session = self._session
        return None if session is None or isinstance(session, CurrentSession) else session

    @property
    def _operations(self) -> EntityOperations[T]:
        return operations_of(self._model)

    async def _add_version(self, failure: ConcurrencyException, entity: T) -> None:
        # In a transaction, which can only roll back now, there is nobody left to ask.
        if self._pinned is None and self._transactions.current() is None:
            version = await self.run_read(self._operations.stored_version, entity)
            if version is not None:
                failure.context["current_version"] = version

    @property
    def _is_standalone(self) -> bool:
        return self._pinned is not None

    @property
    def _is_heard(self) -> bool:
        # Saving or deleting an entity may do the same to those that it refers to.
        hooks = self._hooks
        if self._pinned is not None or hooks is None:
            return False
        return any(hooks.concern(each) for each in reached_from(cast("Any", self._model)))

    @property
    def _is_told_by_store(self) -> bool:
        return self._transactions.session_class.tells_hooks

    async def run_read(
        self, operation: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *operation*, which only reads, in the current transaction or in a session of its own."""
        if self._pinned is None:
            hooks = self._hooks
            if hooks is not None and hooks.has_loads:
                return await read_aloud(hooks, self._transactions.read, operation, args, kwargs)
            return await self._transactions.read(operation, *args, **kwargs)
        return await _in_session(self._pinned, operation, args, kwargs)

    def run_read_now(self, operation: Callable[..., Any], *args: Any) -> Any:
        """Do what :meth:`run_read` does for code that is not async."""
        hooks, read = self._hooks, self._transactions.sync.read
        if hooks is not None and hooks.has_loads:
            return read_aloud_now(hooks, read, operation, args)
        return read(operation, *args)

    async def run_write(
        self, operation: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *operation* in the current transaction, or in one of its own that is committed."""
        if (pinned := self._pinned) is None:
            return await self._transactions.write(operation, *args, **kwargs)
        return await _in_session(pinned, operation, args, kwargs)


async def _in_session(session: AsyncSession, operation: Callable[..., R], args: Any, kwargs: Any) -> R:
    with translated():
        return cast("R", await greenlet_spawn(operation, session.sync_session, *args, **kwargs))
