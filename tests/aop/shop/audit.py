"""The marks and the aspects. This module comes first in a scan, and it would not matter if it did not."""

from pyfly.aop import JoinPoint, after, after_returning, after_throwing, annotation, around, aspect, before
from pyfly.container import order
from tests.aop.shop.ledger import Ledger

audited = annotation()


@aspect
@order(2)
class Audit:
    """Needs a bean that is advised itself."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @before("@annotation(tests.aop.shop.audit.audited)")
    async def check(self, point: JoinPoint) -> None:
        self.ledger.add(f"before {point.method_name} {point.args}")

    @after_returning("@annotation(tests.aop.shop.audit.audited)")
    def returned(self, point: JoinPoint) -> None:
        self.ledger.add(f"returned {point.return_value}")

    @after_throwing("@annotation(tests.aop.shop.audit.audited)")
    def thrown(self, point: JoinPoint) -> None:
        self.ledger.add(f"thrown {point.exception!r}")

    @after("@annotation(tests.aop.shop.audit.audited)")
    def ended(self) -> None:
        self.ledger.add("after")

    @before("bean(nobody)")
    def unused(self) -> None:
        raise AssertionError


@aspect
@order(1)
class Timing:
    def __init__(self) -> None:
        self.calls: list[str] = []

    @around("service.OrderService.* or bean(clock)")
    def measure(self, point: JoinPoint) -> object:
        self.calls.append(point.method_name)
        return point.proceed()

    @before("within(tests.aop.shop.ledger.**)")
    def counted(self) -> None:
        self.calls.append("ledger")
