"""Five filters."""

from typing import Any

from pyfly.container import component, order
from pyfly.web import CallNext, OncePerRequestFilter, Request


class AddHeader(OncePerRequestFilter):
    """Adds ``x-filter-<number>: yes`` to every response."""

    header = ""

    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.headers[self.header] = "yes"
        return response


@component
@order(0)
class First(AddHeader):
    header = "x-filter-0"


@component
@order(1)
class Second(AddHeader):
    header = "x-filter-1"


@component
@order(2)
class Third(AddHeader):
    header = "x-filter-2"


@component
@order(3)
class Fourth(AddHeader):
    header = "x-filter-3"


@component
@order(4)
class Fifth(AddHeader):
    header = "x-filter-4"
