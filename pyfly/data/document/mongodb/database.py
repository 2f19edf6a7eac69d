"""A MongoDB database: its address, its clients and whether it can be reached."""

import asyncio
import logging
import re
import threading
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

from beanie import Document, init_beanie
from pymongo import AsyncMongoClient, MongoClient
from pymongo.errors import PyMongoError

from pyfly.data.document.mongodb.codecs import CODECS
from pyfly.data.document.mongodb.document import Auditing, BaseDocument
from pyfly.data.document.mongodb.errors import translate
from pyfly.data.document.mongodb.managers import register
from pyfly.data.document.mongodb.model import DocumentModel
from pyfly.data.document.mongodb.session import AsyncDriver, SyncDriver
from pyfly.data.document.mongodb.transaction_manager import MongoTransactionManager
from pyfly.data.document.properties import DocumentProperties
from pyfly.data.exceptions import DataSourceUnavailableError
from pyfly.data.relational.properties import RetryProperties
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.record import Record

_log = logging.getLogger("pyfly.data")

LOCAL: Final = "mongodb://localhost:27017"
KEY: Final = "pyfly.data.document.uri"
_CREDENTIALS: Final = re.compile(r"//[^@/]*@")


class MongoPing(Record):
    """Whether the database answered; true when it did, else with the *reason*."""

    is_up: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.is_up


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
        self._is_ready = False
        self._async = _Async(self)
        self._sync = _Sync(self)
        said = retry or RetryProperties()
        self.transactions = MongoTransactionManager(
            self._async,
            self._sync,
            max_attempts=said.max_attempts,
            backoff=said.backoff,
            errors=said.errors,
            ready=self.ensure_ready,
            clock=clock,
        )

    def __repr__(self) -> str:
        return f"MongoDatabase({self.address!r})"

    @property
    def address(self) -> str:
        """Where it is, without user and password."""
        return _CREDENTIALS.sub("//", self.uri)

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
            DataSourceUnavailableError: The database does not answer.
        """
        answer = await self.ping()
        if answer.is_up:
            await self._prepare()
            return
        await self.stop()
        if not self._properties.optional:
            raise DataSourceUnavailableError(self.name, self.address, answer.reason, key=KEY)
        _log.warning("The document database (%s) does not answer; it is optional", self.address)

    async def stop(self) -> None:
        """Close every connection. The next use opens new ones."""
        self._is_ready = False
        await self._async.close()
        await asyncio.to_thread(self._sync.close)

    async def ping(self) -> MongoPing:
        """Return whether the database answers within the connect timeout; never raise."""
        try:
            hello = await self.client.admin.command("hello")
        except PyMongoError as failure:
            return MongoPing(False, str(translate(failure)))
        self._has_transactions = "setName" in hello or hello.get("msg") == "isdbgrid"
        return MongoPing(True)

    async def ensure_ready(self) -> None:
        """Make up for a start without the database, once it answers."""
        if not self._is_ready:
            await self._prepare()

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

    async def _prepare(self) -> None:
        await init_beanie(
            database=self._async.database,
            document_models=list(self.documents),
            skip_indexes=not self._properties.create_indexes,
        )
        for document in self.documents:
            if issubclass(document, BaseDocument):
                document.audit_with(self._auditing)
        self._is_ready = True


class _Async(AsyncDriver):
    def __init__(self, owner: MongoDatabase) -> None:
        self._owner = owner
        self._client: AsyncMongoClient[dict[str, Any]] | None = None

    @property
    def client(self) -> Any:
        if self._client is None:
            self._client = AsyncMongoClient(self._owner.uri, **self._owner.options())
            register(self._client, self._owner.transactions)
        return self._client

    @property
    def database(self) -> Any:
        return self._owner.database_of(self.client)

    @property
    def has_transactions(self) -> bool:
        return self._owner.has_transactions

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()


class _Sync(SyncDriver):
    def __init__(self, owner: MongoDatabase) -> None:
        self._owner = owner
        self._client: MongoClient[dict[str, Any]] | None = None
        self._making = threading.Lock()

    @property
    def client(self) -> Any:
        if self._client is None:
            with self._making:
                if self._client is None:
                    self._client = MongoClient(self._owner.uri, **self._owner.options())
        return self._client

    def collection(self, model: DocumentModel[Any]) -> Any:
        return self._owner.database_of(self.client)[model.collection]

    @property
    def has_transactions(self) -> bool:
        return self._owner.has_transactions

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()
