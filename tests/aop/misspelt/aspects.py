"""One mistake for each aspect."""

from pyfly.aop import JoinPoint, aspect, before
from pyfly.container import Scope, component, service


@aspect
class Unreadable:
    @before("service.* nad bean(x)")
    def advise(self) -> None: ...


@aspect
class Unknown:
    @before("@annotation(tests.aop.shop.audit.audted)")
    def advise(self) -> None: ...


@aspect
class Late:
    @before("service.Worker.*")
    async def hurry(self) -> None: ...


@aspect
@component(scope=Scope.TRANSIENT)
class Short:
    @before("service.Worker.*")
    def advise(self) -> None: ...


@aspect
class Greedy:
    @before("service.Worker.*")
    def many(self, point: JoinPoint, more: object) -> None: ...


@service
class Worker:
    def work(self) -> None: ...
