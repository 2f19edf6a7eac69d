"""Locks in Redis.

The ``Lock`` of redis-py compares tokens as well, but numbers no holders: with it, nobody can refuse the writes
of one that was suspended for longer than its lock lasted.
"""

from __future__ import annotations

from typing import Final

from pyfly.resilience.adapters.redis.connection import RedisConnection, Script

# KEYS: the lock, its number. ARGV: token, milliseconds to hold it, milliseconds to remember the number.
# The time is part of the number, so that it grows on although the server has lost its data or forgotten it.
_ACQUIRE: Final = Script("""\
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return false end
if held then return redis.call('GET', KEYS[2]) end
local time = redis.call('TIME')
local number = time[1] * 1000000 + time[2]
local last = tonumber(redis.call('GET', KEYS[2]) or 0)
if number <= last then number = last + 1 end
local text = string.format('%.0f', number)
redis.call('SET', KEYS[2], text, 'PX', ARGV[3])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return text
""")

# KEYS: the lock, its number. ARGV: token, milliseconds to hold it, milliseconds to remember the number.
_RENEW: Final = Script("""\
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
""")

# KEYS: the lock. ARGV: token.
_RELEASE: Final = Script("""\
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
""")

_REMEMBERED: Final = 24 * 3600 * 1000  # milliseconds


class RedisLockStore:
    """Keeps each lock under a key that expires with it."""

    def __init__(self, connection: RedisConnection) -> None:
        """Use *connection*."""
        self._connection = connection

    async def acquire(self, name: str, token: str, ttl: float) -> int | None:
        """Take the lock, or return ``None`` when another token holds it."""
        answer = await self._connection.run(_ACQUIRE, _keys(name), _times(token, ttl))
        return None if answer is None else int(answer)

    async def renew(self, name: str, token: str, ttl: float) -> bool:
        """Let *token* hold the lock for longer, if it does."""
        return bool(await self._connection.run(_RENEW, _keys(name), _times(token, ttl)))

    async def release(self, name: str, token: str) -> bool:
        """Free the lock if *token* holds it."""
        return bool(await self._connection.run(_RELEASE, _keys(name)[:1], (token,)))


def _keys(name: str) -> tuple[str, ...]:
    # In a cluster, what is in braces decides where a key is: the two have to be in one place.
    return f"lock:{{{name}}}", f"lock:{{{name}}}:number"


def _times(token: str, ttl: float) -> tuple[str, int, int]:
    milliseconds = max(int(ttl * 1000), 1)
    return token, milliseconds, max(10 * milliseconds, _REMEMBERED)
