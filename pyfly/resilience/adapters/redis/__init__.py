"""Limits and locks that every process using one Redis or Valkey server shares; needs the extra ``redis``."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

_HOMES = {
    "RedisConnection": "connection",
    "RedisLockStore": "locks",
    "RedisTokenStore": "tokens",
}

if TYPE_CHECKING:
    from pyfly.resilience.adapters.redis.connection import RedisConnection as RedisConnection
    from pyfly.resilience.adapters.redis.locks import RedisLockStore as RedisLockStore
    from pyfly.resilience.adapters.redis.tokens import RedisTokenStore as RedisTokenStore

__all__ = ["RedisConnection", "RedisLockStore", "RedisTokenStore"]

__getattr__, __dir__ = lazy_exports(__name__, {name: f"{__name__}.{home}" for name, home in _HOMES.items()})
