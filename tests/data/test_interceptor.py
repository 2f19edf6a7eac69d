from collections.abc import AsyncIterator

import pytest

from pyfly.container import MethodTarget
from pyfly.data import transactional
from pyfly.data.interceptor import options_of
from pyfly.data.transactions import TransactionOptions

READ_ONLY = TransactionOptions(read_only=True)


class Plain:
    async def unmarked(self) -> None: ...

    @transactional
    async def marked(self) -> None: ...

    @transactional(read_only=True)
    async def _marked_private(self) -> None: ...


@transactional(read_only=True)
class Marked:
    async def public(self) -> None: ...

    async def _private(self) -> None: ...

    def plain(self) -> None: ...

    async def rows(self) -> AsyncIterator[int]:
        yield 1

    @transactional
    async def writes(self) -> None: ...


class Inheriting(Marked):
    async def own(self) -> None: ...


@pytest.mark.parametrize(
    ("cls", "name", "options"),
    [
        (Plain, "unmarked", None),
        (Plain, "marked", TransactionOptions()),
        (Plain, "_marked_private", READ_ONLY),
        (Marked, "public", READ_ONLY),
        (Marked, "_private", None),
        (Marked, "plain", None),
        (Marked, "rows", None),
        (Marked, "writes", TransactionOptions()),
        (Inheriting, "own", READ_ONLY),
        (Inheriting, "writes", TransactionOptions()),
    ],
)
def test_the_method_decides_and_else_the_class(
    cls: type, name: str, options: TransactionOptions | None
) -> None:
    assert options_of(MethodTarget("bean", cls, name, getattr(cls, name))) == options
