"""Which transaction manager looks after a client."""

from typing import Any
from weakref import WeakKeyDictionary

from pyfly.data.document.mongodb.session import AsyncDriver
from pyfly.data.document.mongodb.transaction_manager import MongoTransactionManager

_MANAGERS: "WeakKeyDictionary[Any, MongoTransactionManager]" = WeakKeyDictionary()


class _Opened(AsyncDriver):
    """A client that somebody else has opened, and will close."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def client(self) -> Any:
        return self._client

    @property
    def has_transactions(self) -> bool:
        return True  # nobody has asked; the server says so itself


def manager_of(client: Any) -> MongoTransactionManager:
    """Return the manager of *client*, PyMongo's async one: the application's, or one made for it once."""
    manager = _MANAGERS.get(client)
    if manager is None:
        manager = _MANAGERS[client] = MongoTransactionManager(_Opened(client))
    return manager


def register(client: Any, manager: MongoTransactionManager) -> None:
    """Let *manager* be the one of *client*."""
    _MANAGERS[client] = manager
