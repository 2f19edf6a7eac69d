"""The way to the server: scripts that answer in time, or an error that says so."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

import redis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import CircuitBreakerException
from pyfly.resilience.circuit_breaker import CircuitBreaker
from pyfly.resilience.ports.outbound import StoreUnavailableError

_log: Final = logging.getLogger("pyfly.resilience")
_FAILURES: Final = (RedisError, OSError)  # a TimeoutError is an OSError
_TOLERATED: Final = 3  # failures in a row, after which the server is left alone for a moment
_MOMENT: Final = 1.0


class Script:
    """A program for the server, which knows it by its hash once it has seen it."""

    __slots__ = ("sha", "text")

    def __init__(self, text: str) -> None:
        """Prepare *text*, which is Lua."""
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class RedisConnection:
    """Runs scripts, each within *timeout* or not at all, and leaves a server that fails alone for a second."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 0.25,
        prefix: str = "pyfly",
        optional: bool = False,
        clock: Clock | None = None,
    ) -> None:
        """Connect when it is first used.

        Args:
            url: Where the server is.
            timeout: The seconds after which an answer is not waited for any longer.
            prefix: What the name of every key begins with.
            optional: Whether :meth:`start` accepts a server that does not answer.
            clock: Replaces the clock of the machine.
        """
        self._url, self._timeout, self._prefix, self._optional = url, timeout, prefix, optional
        self._client: Redis = _client(Redis, AsyncRetry, url, timeout)
        self._sync_client: redis.Redis | None = None
        self._lock = Lock()
        breaker = CircuitBreaker(_TOLERATED, _MOMENT, name="redis", clock=clock)
        self._guarded, self._guarded_sync = breaker.wrap(self._evaluated), breaker.wrap(self._evaluated_sync)

    async def start(self) -> None:
        """See whether the server answers.

        Raises:
            StoreUnavailableError: It does not, and is not optional.
        """
        try:
            async with asyncio.timeout(self._timeout):
                await self._client.ping()
        except _FAILURES as failure:
            problem = self._unavailable(failure)
            if not self._optional:
                await self.stop()
                raise problem from failure
            _log.warning("%s; shared limits and locks will be tried again when they are used", problem)

    async def stop(self) -> None:
        """Close what has been opened here."""
        if self._sync_client is not None:
            self._sync_client.close()
        await self._client.aclose()

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[object]) -> Any:
        """Return what *script* returns for *keys*, which get the prefix, and *arguments*.

        Raises:
            StoreUnavailableError: The server does not answer in time, or with an error.
        """
        try:
            return await self._guarded(script, self._keys(keys), arguments)
        except (*_FAILURES, CircuitBreakerException) as failure:
            raise self._unavailable(failure) from failure

    def run_sync(self, script: Script, keys: Sequence[str], arguments: Sequence[object]) -> Any:
        """Return what :meth:`run` does, blocking the thread.

        Raises:
            StoreUnavailableError: The server does not answer in time, or with an error.
        """
        try:
            return self._guarded_sync(script, self._keys(keys), arguments)
        except (*_FAILURES, CircuitBreakerException) as failure:
            raise self._unavailable(failure) from failure

    async def _evaluated(self, script: Script, keys: Sequence[str], arguments: Sequence[object]) -> Any:
        execute: Any = self._client.execute_command
        async with asyncio.timeout(self._timeout):
            try:
                return await execute("EVALSHA", script.sha, len(keys), *keys, *arguments)
            except NoScriptError:
                return await execute("EVAL", script.text, len(keys), *keys, *arguments)

    def _evaluated_sync(self, script: Script, keys: Sequence[str], arguments: Sequence[object]) -> Any:
        execute: Any = self._blocking().execute_command
        try:
            return execute("EVALSHA", script.sha, len(keys), *keys, *arguments)
        except NoScriptError:
            return execute("EVAL", script.text, len(keys), *keys, *arguments)

    def _blocking(self) -> redis.Redis:
        with self._lock:
            if self._sync_client is None:
                self._sync_client = _client(redis.Redis, Retry, self._url, self._timeout)
            return self._sync_client

    def _keys(self, keys: Sequence[str]) -> list[str]:
        return [f"{self._prefix}:{key}" for key in keys]

    def _unavailable(self, failure: BaseException) -> StoreUnavailableError:
        where = urlsplit(self._url)
        place = f"Redis at {where.hostname}:{where.port or 6379}" if where.hostname else "Redis"
        if isinstance(failure, CircuitBreakerException):
            return StoreUnavailableError(f"{place} has just failed and is left alone for a moment")
        if isinstance(failure, TimeoutError | redis.exceptions.TimeoutError):
            return StoreUnavailableError(f"{place} did not answer within {self._timeout:g} s")
        return StoreUnavailableError(f"{place} cannot be used: {str(failure) or type(failure).__name__}")


def _client(client: Any, retry: Any, url: str, timeout: float) -> Any:
    """Return a client that answers or fails in time.

    A connection that the server has closed meanwhile is replaced at once. Nothing else is tried again here:
    a call that is repeated after a time-out might count twice.
    """
    again = retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
    return client.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=again)
