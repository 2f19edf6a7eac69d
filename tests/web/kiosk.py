"""An application with everything that surrounds a handler: advice, a filter, an observer. Booted by the tests."""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from pyfly.container import service
from pyfly.core import pyfly_application
from pyfly.kernel.exceptions import ConflictException
from pyfly.web import (
    CallNext,
    OncePerRequestFilter,
    Request,
    RequestObserver,
    controller_advice,
    exception_handler,
    get_mapping,
    rest_controller,
)

tenant: ContextVar[str] = ContextVar("tenant", default="nobody")


@rest_controller
class Counter:
    @get_mapping("/tickets/{number:int}")
    async def ticket(self, number: int) -> str:
        if number == 0:
            raise ConflictException("sold out")
        tenant.set(f"{tenant.get()} {number}")
        return tenant.get()

    @get_mapping("/blocking")
    def blocking(self) -> str:
        return tenant.get()


@controller_advice
class Apologies:
    @exception_handler(ConflictException)
    async def on_conflict(self, failure: ConflictException) -> tuple[int, dict[str, str]]:
        return 409, {"sorry": str(failure)}


@service
class Tenants(OncePerRequestFilter):
    url_patterns: Sequence[str] = ("/tickets/**", "/blocking")

    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        tenant.set(request.headers.get("x-tenant", "anybody"))
        response = await call_next(request)
        response.headers["x-seen"] = tenant.get()
        return response


@service
class Meter(RequestObserver):
    def __init__(self) -> None:
        self.routes: list[tuple[str, int]] = []

    def request_ended(
        self, method: str, route: str, status: int, seconds: float, failure: Exception | None
    ) -> None:
        self.routes.append((route, status))


@pyfly_application(name="kiosk", scan_packages=["tests.web.kiosk"])
class Kiosk: ...
