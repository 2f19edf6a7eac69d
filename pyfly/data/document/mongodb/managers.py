"""Which transaction manager looks after a client."""

import weakref
from typing import Any

from beanie import Document

from pyfly.data.document.mongodb.session import AsyncDriver
from pyfly.data.document.mongodb.transaction_manager import MongoTransactionManager

# By identity: clients of the same servers are equal, and have sessions of their own all the same.
_MANAGERS: dict[int, MongoTransactionManager] = {}


class _Opened(AsyncDriver):
    """A client that somebody else has opened, and will close."""

    def __init__(self, client: Any) -> None:
        self._client = weakref.ref(client)

    @property
    def client(self) -> Any:
        return self._client()

    @property
    def has_transactions(self) -> bool:
        return True  # nobody has asked; the server says so itself


class ByHand:
    """The manager of the client that Beanie has been given for a class of documents."""

    def __init__(self, document: type[Document]) -> None:
        """Ask Beanie for the client of *document* whenever it is needed."""
        self._document = document

    def __getattr__(self, name: str) -> Any:
        return getattr(manager_of(self._document.get_pymongo_collection().database.client), name)


def manager_of(client: Any) -> MongoTransactionManager:
    """Return the manager of *client*, PyMongo's async one: the application's, or one made for it once."""
    manager = _MANAGERS.get(id(client))
    if manager is None:
        manager = MongoTransactionManager(_Opened(client))
        register(client, manager)
    return manager


def register(client: Any, manager: MongoTransactionManager) -> None:
    """Let *manager* be the one of *client*, as long as that exists."""
    _MANAGERS[id(client)] = manager
    weakref.finalize(client, _MANAGERS.pop, id(client), None)
