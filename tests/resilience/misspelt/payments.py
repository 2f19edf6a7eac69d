"""An application whose policies are misspelt."""

from pyfly.container import service
from pyfly.resilience import circuit_breaker, retry


@service
class Payments:
    @retry("paymets")
    async def pay(self) -> None: ...

    @circuit_breaker("bank")
    def ask(self) -> None: ...
