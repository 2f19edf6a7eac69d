"""The clients of a database: connected when they are first used, closed with it."""

import threading
from collections.abc import Callable
from typing import Any, Protocol

from pymongo import AsyncMongoClient, MongoClient

from pyfly.data.document.mongodb.model import DocumentModel
from pyfly.data.document.mongodb.session import AsyncDriver, SyncDriver


class Addressed(Protocol):
    """A database as far as its clients are concerned."""

    uri: str

    @property
    def has_transactions(self) -> bool:
        """Whether the server has transactions."""

    def options(self) -> dict[str, Any]:
        """Return what both clients are made with."""

    def database_of(self, client: Any) -> Any:
        """Return the database that *client* works on."""


class AsyncClient(AsyncDriver):
    """PyMongo's async client of one database, made on first use."""

    def __init__(self, owner: Addressed, made: Callable[[Any], None]) -> None:
        """Work on the database of *owner*, and tell *made* of a new client."""
        self._owner = owner
        self._made = made
        self._client: AsyncMongoClient[dict[str, Any]] | None = None

    @property
    def client(self) -> Any:
        """The client."""
        if self._client is None:
            self._client = AsyncMongoClient(self._owner.uri, **self._owner.options())
            self._made(self._client)
        return self._client

    @property
    def database(self) -> Any:
        """The database."""
        return self._owner.database_of(self.client)

    @property
    def has_transactions(self) -> bool:
        """Whether the server has transactions; true as long as nobody knows."""
        return self._owner.has_transactions

    async def close(self) -> None:
        """Close its connections. The next use makes a new client."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()


class SyncClient(SyncDriver):
    """PyMongo's other client of one database, made on first use."""

    def __init__(self, owner: Addressed) -> None:
        """Work on the database of *owner*."""
        self._owner = owner
        self._client: MongoClient[dict[str, Any]] | None = None
        self._making = threading.Lock()

    @property
    def client(self) -> Any:
        """The client."""
        if self._client is None:
            with self._making:
                if self._client is None:
                    self._client = MongoClient(self._owner.uri, **self._owner.options())
        return self._client

    def collection(self, model: DocumentModel[Any]) -> Any:
        """Return the collection of *model*."""
        return self._owner.database_of(self.client)[model.collection]

    @property
    def has_transactions(self) -> bool:
        """Whether the server has transactions; true as long as nobody knows."""
        return self._owner.has_transactions

    def close(self) -> None:
        """Close its connections. The next use makes a new client."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
