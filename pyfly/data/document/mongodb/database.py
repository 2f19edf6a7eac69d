"""A MongoDB database: its address, its clients and whether it can be reached."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

import pymongo
from beanie import Document, init_beanie
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from pyfly.core.config.errors import ConfigurationError
from pyfly.core.config.masking import mask
from pyfly.data.cancellation import settled
from pyfly.data.document.mongodb.clients import AsyncClient, SyncClient
from pyfly.data.document.mongodb.codecs import CODECS
from pyfly.data.document.mongodb.document import Auditing, BaseDocument
from pyfly.data.document.mongodb.errors import DocumentsRefusedError
from pyfly.data.document.mongodb.managers import register
from pyfly.data.document.mongodb.readiness import Readiness
from pyfly.data.document.mongodb.reasons import reason_of
from pyfly.data.document.mongodb.session import GRACE
from pyfly.data.document.mongodb.transaction_manager import MongoTransactionManager
from pyfly.data.document.properties import DocumentProperties
from pyfly.data.exceptions import DataSourceUnavailableError
from pyfly.data.ping import Ping
from pyfly.data.relational.properties import RetryProperties
from pyfly.kernel.clock import Clock, SystemClock

_log = logging.getLogger("pyfly.data")

LOCAL: Final = "mongodb://localhost:27017"
KEY: Final = "pyfly.data.document.uri"


class MongoDatabase:
    """One database, with the documents that are kept in it.

    Its connections are opened when it starts and closed when it stops. Beanie knows its documents from the
    start on; it keeps one database per class of documents in a process.

    Attributes:
        name: What it is called in messages and in health reports.
        uri: Its address.
        documents: The classes of documents in it.
        transactions: The manager of its transactions.
    """

    phase: ClassVar[int] = -1000
    name: ClassVar[str] = "document"

    def __init__(
        self,
        properties: DocumentProperties,
        documents: Sequence[type[Document]] = (),
        *,
        listeners: Sequence[Any] = (),
        retry: RetryProperties | None = None,
        clock: Clock | None = None,
        auditor: Callable[[], str | None] | None = None,
    ) -> None:
        """Describe the database of *properties*; nothing is connected yet.

        Args:
            properties: Where it is, and how it is used.
            documents: The classes of documents in it.
            listeners: PyMongo's listeners, which hear of commands.
            retry: How often transactions are attempted.
            clock: What tells documents the time.
            auditor: What tells documents whom the work is done for.
        """
        self.documents = tuple(documents)
        self._properties = properties
        self.uri = properties.uri or LOCAL
        self._listeners = list(listeners)
        self._auditing = Auditing((clock or SystemClock()).now, auditor)
        self._has_transactions = True
        self._limit = properties.connect_timeout.total_seconds()
        self._readiness = Readiness(self._make_up, 2 * self._limit)  # to be answered, and to tell Beanie
        self._async = AsyncClient(self, lambda client: register(client, self.transactions))
        self._sync = SyncClient(self)
        said = retry or RetryProperties()
        self.transactions = MongoTransactionManager(
            self._async,
            self._sync,
            max_attempts=said.max_attempts,
            backoff=said.backoff,
            errors=said.errors,
            ready=self.ensure_ready,
            ready_now=self._readiness.reach_now,
            clock=clock,
        )

    def __repr__(self) -> str:
        return f"MongoDatabase({self.address!r})"

    @property
    def address(self) -> str:
        """Where it is, without the password."""
        return str(mask("uri", self.uri))

    @property
    def client(self) -> "AsyncMongoClient[dict[str, Any]]":
        """PyMongo's async client, made on first use."""
        client: AsyncMongoClient[dict[str, Any]] = self._async.client
        return client

    @property
    def has_transactions(self) -> bool:
        """Whether the server has transactions, as members of replica sets do; true until it has been asked."""
        return self._has_transactions

    async def start(self) -> None:
        """Connect, and tell Beanie the documents, which makes their indexes.

        Raises:
            ConfigurationError: The address, or an option in it, cannot be used.
            DataSourceUnavailableError: The database does not answer.
            DocumentsRefusedError: It refuses an index, or the application.
        """
        self._readiness.begin()
        try:
            self._require_usable()
            await self._open()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close every connection. The next use opens new ones."""
        try:
            await self._readiness.end()
        finally:
            await self._close()

    async def ping(self) -> Ping:
        """Return whether the database answers within the connect timeout; never raise."""
        try:
            await self._greet()
        except (PyMongoError, ValueError, TypeError) as failure:
            return Ping(False, self._reason(failure))
        return Ping(True)

    async def ensure_ready(self) -> None:
        """Make up for a start without the database, once it answers; all who wait share one attempt.

        Raises:
            PyMongoError: It still does not answer.
            DocumentsRefusedError: It refuses an index, or the application.
        """
        await self._readiness.reach()

    def options(self) -> dict[str, Any]:
        """Return what both clients are made with."""
        said = self._properties
        connect = int(said.connect_timeout.total_seconds() * 1000)
        acquire = said.acquire_timeout or said.connect_timeout
        return {
            "minPoolSize": said.min_pool_size,
            "maxPoolSize": said.max_pool_size,
            "serverSelectionTimeoutMS": connect,
            "connectTimeoutMS": connect,
            "waitQueueTimeoutMS": int(acquire.total_seconds() * 1000),
            "event_listeners": self._listeners,
            "tz_aware": True,
            "tzinfo": CODECS.tzinfo,
            "uuidRepresentation": "standard",
            "type_registry": CODECS.type_registry,
        }

    def database_of(self, client: Any) -> Any:
        """Return the database that *client* works on."""
        return client.get_default_database(self._properties.database)

    def _reason(self, failure: Exception) -> str:
        return reason_of(failure, self.uri)

    def _require_usable(self) -> None:
        """Make the client, which connects later, and name the database."""
        try:
            self.database_of(self.client)
        except (PyMongoError, ValueError, TypeError) as failure:
            raise ConfigurationError(
                f"The address of the document database cannot be used: {self._reason(failure).rstrip('.')}",
                key=KEY,
                expected="mongodb://user:password@host:27017/name",
                fix=f"Correct {KEY}; in user and password, write %40 for @, %3A for : and %2F for /.",
            ) from failure

    async def _open(self) -> None:
        try:
            await self._make_up()
        except PyMongoError as failure:
            reason = self._reason(failure)
            if not self._properties.optional:
                raise DataSourceUnavailableError(self.name, self.address, reason, key=KEY) from failure
            await self._close()
            _log.warning(
                "The document database (%s) is optional and does not answer: %s", self.address, reason
            )

    async def _make_up(self) -> None:
        await self._greet()
        await self._prepare()

    async def _greet(self) -> None:
        with pymongo.timeout(self._limit):
            hello = await settled(self.client.admin.command("hello"), GRACE)
        self._has_transactions = "setName" in hello or hello.get("msg") == "isdbgrid"

    async def _prepare(self) -> None:
        try:
            await init_beanie(
                database=self._async.database,
                document_models=list(self.documents),
                skip_indexes=not self._properties.create_indexes,
            )
        except OperationFailure as failure:
            raise DocumentsRefusedError(self.address, self._reason(failure)) from failure
        for document in self.documents:
            if issubclass(document, BaseDocument):
                document.audit_with(self._auditing)
        self._readiness.is_reached = True

    async def _close(self) -> None:
        try:
            await self._async.close()
        finally:
            await asyncio.to_thread(self._sync.close)
