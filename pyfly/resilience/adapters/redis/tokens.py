"""Buckets of tokens in Redis.

The strategies of ``limits`` were considered: its moving window is given the time by each caller, so hosts
whose clocks differ exceed the limit together, and it has no way to wait in line. Here the server decides by
its own clock in one script, and a bucket is one number however many calls it counts.
"""

from __future__ import annotations

from typing import Any, Final

from pyfly.resilience.adapters.redis.connection import RedisConnection, Script
from pyfly.resilience.ports.outbound import Bucket, Grant

_MICRO: Final = 1_000_000

# KEYS: the bucket, which is the moment at which it will be full, in microseconds.
# ARGV: microseconds per token, microseconds to fill it, the longest wait ever, the longest wait of this caller.
_TAKE: Final = Script("""\
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, span, ceiling, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local full_at = tonumber(redis.call('GET', KEYS[1]) or now)
if full_at < now then full_at = now end
-- Further ahead than anybody may wait: the clock of the server has been put back.
if full_at > now + span + ceiling + 1 then full_at = now + span + ceiling end
local missing = full_at + interval - now - span
if missing > limit + 0.5 then return {0, string.format('%.0f', math.ceil(missing)), ''} end
full_at = full_at + interval
local mark = string.format('%.17g', full_at)
redis.call('SET', KEYS[1], mark, 'PX', math.ceil((full_at - now) / 1000) + 1)
if missing < 0.5 then missing = 0 end
return {1, string.format('%.0f', math.ceil(missing)), mark}
""")

# KEYS: the bucket. ARGV: the mark of the token, microseconds per token.
_GIVE_BACK: Final = Script("""\
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], string.format('%.17g', tonumber(ARGV[1]) - tonumber(ARGV[2])), 'KEEPTTL')
return 1
""")


class RedisTokenStore:
    """Counts by the clock of the server; a full bucket takes no room there."""

    def __init__(self, connection: RedisConnection) -> None:
        """Use *connection*."""
        self._connection = connection

    async def take(self, key: str, bucket: Bucket, limit: float) -> Grant:
        """Take a token of *key* that is there now or within *limit* seconds."""
        return _grant(await self._connection.run(_TAKE, (f"rate:{key}",), _arguments(bucket, limit)))

    async def give_back(self, key: str, bucket: Bucket, mark: str) -> bool:
        """Return the token of *mark* if it is the last that was taken."""
        arguments = (mark, bucket.interval * _MICRO)
        return bool(await self._connection.run(_GIVE_BACK, (f"rate:{key}",), arguments))

    def take_sync(self, key: str, bucket: Bucket, limit: float) -> Grant:
        """Take a token as :meth:`take` does, blocking the thread."""
        return _grant(self._connection.run_sync(_TAKE, (f"rate:{key}",), _arguments(bucket, limit)))


def _arguments(bucket: Bucket, limit: float) -> tuple[float, ...]:
    interval = bucket.interval * _MICRO
    return interval, bucket.size * interval, bucket.max_wait * _MICRO, limit * _MICRO


def _grant(answer: list[Any]) -> Grant:
    granted, wait, mark = answer
    return Grant(bool(granted), int(wait) / _MICRO, mark.decode())
