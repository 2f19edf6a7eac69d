"""What operations work on: the collections of a database, in or outside of a transaction, awaited or not.

Operations are coroutines. With the async driver they wait for the server; with the other one the same
coroutines run to their end at once.
"""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Any

from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from pyfly.data.cancellation import settled
from pyfly.data.document.mongodb.errors import without_transactions
from pyfly.data.document.mongodb.model import DocumentModel

SEQUENCES = "pyfly_sequences"
"""The collection that counts the ids which are numbers."""

GRACE = 1.0
"""How many seconds a command of a cancelled caller may still take: PyMongo leaks connections that it gives up."""

MAJORITY = WriteConcern(w="majority")


class Driver(ABC):
    """One of PyMongo's two interfaces, connected to one database."""

    is_synchronous = False

    @property
    @abstractmethod
    def client(self) -> Any:
        """The client, connected when it is first used."""

    @abstractmethod
    def collection(self, model: DocumentModel[Any]) -> Any:
        """Return the collection of *model*."""

    @property
    @abstractmethod
    def has_transactions(self) -> bool:
        """Whether the server has transactions; true as long as nobody knows."""

    @abstractmethod
    async def done(self, result: Any) -> Any:
        """Return what a call of the driver gives."""

    @abstractmethod
    async def rows(self, cursor: Any) -> list[Any]:
        """Return all that a cursor finds."""

    @abstractmethod
    def lock(self) -> AbstractAsyncContextManager[Any]:
        """Return a lock for those who share a transaction."""


class AsyncDriver(Driver):
    """The async interface."""

    def collection(self, model: DocumentModel[Any]) -> Any:
        """Return the collection that Beanie knows."""
        return model.model.get_pymongo_collection()

    async def done(self, result: Any) -> Any:
        """Wait for *result*, a little while also when the caller is cancelled."""
        return await settled(result, GRACE)

    async def rows(self, cursor: Any) -> list[Any]:
        """Return all that *cursor* finds."""
        found: list[Any] = await settled(cursor.to_list(None), GRACE)
        return found

    def lock(self) -> AbstractAsyncContextManager[Any]:
        """Return a lock for tasks."""
        return asyncio.Lock()


class SyncDriver(Driver):
    """The interface for code that is not async."""

    is_synchronous = True

    async def done(self, result: Any) -> Any:
        """Return *result*, which is there already."""
        return result

    async def rows(self, cursor: Any) -> list[Any]:
        """Return all that *cursor* finds."""
        return list(cursor)

    def lock(self) -> AbstractAsyncContextManager[Any]:
        """Return a lock for threads."""
        return _ThreadLock()


class _ThreadLock(AbstractAsyncContextManager[None]):
    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        self._lock.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


class MongoSession:
    """The database as one transaction sees it, or anybody outside of transactions.

    Attributes:
        driver: How the server is asked.
        client_session: PyMongo's session with the running transaction; ``None`` outside of transactions.
    """

    def __init__(self, driver: Driver, client_session: Any = None) -> None:
        """Work through *driver*, in the transaction of *client_session* if there is one."""
        self.driver = driver
        self.client_session = client_session

    def collection(self, model: DocumentModel[Any]) -> Any:
        """Return the collection of *model*."""
        return self.driver.collection(model)

    async def done(self, result: Any) -> Any:
        """Return what a call of the driver gives."""
        return await self.driver.done(result)

    async def rows(self, cursor: Any) -> list[dict[str, Any]]:
        """Return all that *cursor* finds."""
        return await self.driver.rows(cursor)

    @asynccontextmanager
    async def together(self) -> AsyncIterator["MongoSession"]:
        """Let what is done in the block become permanent as a whole.

        It is a part of the running transaction, or a transaction of its own.

        Raises:
            IllegalTransactionStateError: The server has no transactions.
        """
        if self.client_session is not None:
            yield self
            return
        session = MongoSession(self.driver, await begun(self.driver))
        try:
            yield session
        except BaseException:
            await ended(session, is_kept=False)
            raise
        else:
            await ended(session, is_kept=True)

    async def numbers(self, model: DocumentModel[Any], count: int) -> range:
        """Return *count* numbers that no document of *model* has been given.

        As sequences of databases are, they are counted outside of the transaction: what rolls back leaves a gap.
        """
        found = await self.done(
            self.collection(model)
            .database[SEQUENCES]
            .find_one_and_update(
                {"_id": model.collection}, {"$inc": {"last": count}}, upsert=True, return_document=True
            )
        )
        last = int(found["last"])
        return range(last - count + 1, last + 1)


async def begun(driver: Driver, read_concern: ReadConcern | None = None) -> Any:
    """Return a session of the driver's, whose transaction begins with its first use.

    Raises:
        IllegalTransactionStateError: The server has no transactions.
    """
    if not driver.has_transactions:
        raise without_transactions()
    session = driver.client.start_session()
    try:
        await driver.done(session.start_transaction(read_concern=read_concern, write_concern=MAJORITY))
    except BaseException:
        await driver.done(session.end_session())
        raise
    return session


async def ended(session: MongoSession, *, is_kept: bool) -> None:
    """Commit the transaction of *session*, or undo it, and give the session back."""
    driver, client_session = session.driver, session.client_session
    try:
        await driver.done(
            client_session.commit_transaction() if is_kept else client_session.abort_transaction()
        )
    finally:
        await driver.done(client_session.end_session())
