"""The decorator of earlier versions, for functions that are given their session."""

import functools
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from pyfly.data.relational.sqlalchemy.data_source import SOURCE
from pyfly.data.relational.sqlalchemy.errors import translating

R = TypeVar("R")


def reactive_transactional(
    session_factory: Callable[[], AsyncSession],
) -> Callable[[Callable[..., Awaitable[R]]], Callable[..., Awaitable[R]]]:
    """Run an async function in a new session of *session_factory*, given to it as the first argument.

    A method is given it after ``self``. The session commits when the function returns and rolls back when it
    raises or is cancelled. Where its engine is the one of a data source, repositories that are used meanwhile join
    it. In beans, ``@transactional`` does more with less.
    """

    def decorate(function: Callable[..., Awaitable[R]]) -> Callable[..., Awaitable[R]]:
        names = getattr(getattr(function, "__code__", None), "co_varnames", ())
        is_method = names[:1] in (("self",), ("cls",))

        @functools.wraps(function)
        async def in_transaction(*args: Any, **kwargs: Any) -> R:
            with translating():
                async with session_factory() as session, _transaction(session):
                    given = (args[0], session, *args[1:]) if is_method else (session, *args)
                    return await function(*given, **kwargs)

        return in_transaction

    return decorate


def _transaction(session: AsyncSession) -> AbstractAsyncContextManager[object]:
    engine = getattr(session.bind, "sync_engine", None)
    source = None if engine is None else engine.get_execution_options().get(SOURCE)
    manager = getattr(source, "transactions", None)
    return session.begin() if manager is None else manager.on(session)
