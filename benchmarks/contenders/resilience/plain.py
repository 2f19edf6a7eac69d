"""Hand-written closures: the shortest correct code for the same work."""

import asyncio
import functools
from threading import Lock
from time import monotonic, sleep

from benchmarks.contenders.resilience.model import ATTEMPTS, BURST, FAILURES, RATE, RECOVERY, work, work_async


def retrying(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return function(*args, **kwargs)
            except Exception:
                if attempt == ATTEMPTS:
                    raise
                sleep(0.1 * 2**attempt)
        return None

    return wrapper


def retrying_async(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await function(*args, **kwargs)
            except Exception:
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(0.1 * 2**attempt)
        return None

    return wrapper


class Breaker:
    def __init__(self) -> None:
        self.failures = 0
        self.opened_at = None
        self.lock = Lock()

    def check(self) -> None:
        if monotonic() - self.opened_at < RECOVERY:
            raise RuntimeError("open")

    def failed(self) -> None:
        with self.lock:
            self.failures += 1
            if self.failures >= FAILURES:
                self.opened_at = monotonic()

    def succeeded(self) -> None:
        with self.lock:
            self.failures, self.opened_at = 0, None


def breaking(breaker, function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if breaker.opened_at is not None:
            breaker.check()
        try:
            result = function(*args, **kwargs)
        except Exception:
            breaker.failed()
            raise
        if breaker.failures:
            breaker.succeeded()
        return result

    return wrapper


def breaking_async(breaker, function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        if breaker.opened_at is not None:
            breaker.check()
        try:
            result = await function(*args, **kwargs)
        except Exception:
            breaker.failed()
            raise
        if breaker.failures:
            breaker.succeeded()
        return result

    return wrapper


class Bucket:
    def __init__(self) -> None:
        self.tokens = BURST
        self.filled_at = monotonic()
        self.lock = Lock()

    def take(self) -> None:
        with self.lock:
            now = monotonic()
            self.tokens = min(BURST, self.tokens + (now - self.filled_at) * RATE)
            self.filled_at = now
            if self.tokens < 1:
                raise RuntimeError("rate limit exceeded")
            self.tokens -= 1


def limiting(bucket, function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        bucket.take()
        return function(*args, **kwargs)

    return wrapper


def limiting_async(bucket, function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        bucket.take()
        return await function(*args, **kwargs)

    return wrapper


_retried = retrying(work)
_retried_async = retrying_async(work_async)
_guarded = breaking(Breaker(), work)
_guarded_async = breaking_async(Breaker(), work_async)
_limited = limiting(Bucket(), work)
_limited_async = limiting_async(Bucket(), work_async)


def retry_sync() -> int:
    return _retried(41)


async def retry_async() -> int:
    return await _retried_async(41)


def breaker_sync() -> int:
    return _guarded(41)


async def breaker_async() -> int:
    return await _guarded_async(41)


def limiter_sync() -> int:
    return _limited(41)


async def limiter_async() -> int:
    return await _limited_async(41)
