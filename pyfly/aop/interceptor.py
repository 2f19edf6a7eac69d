"""What makes aspects work in an application: all of them are known before any bean is made."""

import logging
from collections.abc import Iterable, Iterator
from functools import partial

from pyfly.aop._facts import MethodFacts, prefixes_of
from pyfly.aop.advice import Advice, AspectSource, advice_of, in_order, is_aspect, require_compatible
from pyfly.aop.exceptions import InvalidAspectError
from pyfly.aop.report import AdvisedMethod, AspectReport, UnusedPointcut
from pyfly.aop.weaver import AdviceWeaver, facts_of
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import WiringError
from pyfly.container.interception import MethodInterceptor, MethodTarget, original_class, targets_of
from pyfly.container.types import Scope
from pyfly.context.events import ContextRefreshedEvent, app_event_listener
from pyfly.kernel.diagnosis import Diagnosis

_log = logging.getLogger("pyfly.aop")


class AspectInterceptor(AdviceWeaver):
    """Weaves the aspects among the beans of a container into all others.

    The aspects themselves are ordinary beans and may need any other bean, an advised one too. They are
    made in their turn, or when an advice of theirs is called before that.
    """

    def __init__(self, container: Container, report: AspectReport) -> None:
        """Read the advice of every aspect in *container*; keep *report*."""
        super().__init__()
        self._container = container
        self._report = report
        self._advices = in_order(
            [advice for definition in _aspects(container) for advice in _advice_of(container, definition)]
        )

    def advice_for(self, target: MethodTarget) -> list[Advice]:
        """Return the advice on *target*, and note it in the report."""
        found = _meant(self._advices, target) if self._advices else []
        if found:
            cls = original_class(target.cls)
            method = f"{cls.__module__}.{cls.__qualname__}.{target.name}"
            on_it = tuple(f"{advice.advice_type} {advice.qualified_name}" for advice in found)
            self._report.add(AdvisedMethod(target.bean_name, method, on_it))
        return found

    @app_event_listener
    def warn(self, event: ContextRefreshedEvent) -> None:
        """Complete the report, and warn of every pointcut that means no method of any bean."""
        unused = [each for each in self._advices if each not in self.woven and not self._is_used_later(each)]
        told = [UnusedPointcut(each.qualified_name, each.pointcut.text, each.origin) for each in unused]
        self._report.finish(told)
        for each in told:
            _log.warning("%s", each)

    def _is_used_later(self, advice: Advice) -> bool:
        return any(_meant([advice], target) for target in _targets(self._container))


def problems(container: Container) -> Iterator[WiringError]:
    """Yield what is wrong with the aspects of *container*, looking at definitions only."""
    advices: list[Advice] = []
    for definition in _aspects(container):
        try:
            _require_singleton(definition)
            found = _advice_of(container, definition)
            for advice in found:
                advice.pointcut.resolve()
            advices += found
        except InvalidAspectError as failure:
            yield failure
    for target in _targets(container) if advices else ():
        for advice in _meant(advices, target):
            try:
                require_compatible(advice, target)
            except InvalidAspectError as failure:
                yield failure


def _aspects(container: Container) -> Iterable[BeanDefinition]:
    return [each for each in container.definitions() if is_aspect(original_class(each.type))]


def _targets(container: Container) -> Iterator[MethodTarget]:
    """Every method of the declared type of every bean that can be advised."""
    for definition in container.definitions():
        if not definition.created or definition.factory is not None:
            yield from targets_of(original_class(definition.type), definition.name)


def _meant(advices: Iterable[Advice], target: MethodTarget) -> list[Advice]:
    """The advice among *advices* on *target*: aspects and interceptors have none.

    Beans of the framework itself are left alone by pointcuts that do not name it.
    """
    cls = original_class(target.cls)
    if is_aspect(cls) or issubclass(cls, MethodInterceptor):
        return []
    facts: MethodFacts = facts_of(target, prefixes_of(cls))
    is_ours = cls.__module__.startswith("pyfly.")
    return [
        each
        for each in advices
        if not (is_ours and "pyfly." not in each.pointcut.text) and each.pointcut.matches(facts)
    ]


def _advice_of(container: Container, definition: BeanDefinition) -> list[Advice]:
    source = AspectSource(partial(container.get, definition), definition.order)
    return advice_of(definition.type, source)


def _require_singleton(definition: BeanDefinition) -> None:
    if definition.scope is not Scope.SINGLETON:
        raise InvalidAspectError(
            Diagnosis(
                f"The aspect {definition.name} ({definition.origin}) is not a singleton.",
                ("Its advice is woven into classes, once for all beans.",),
                ("Drop the scope, and take what lives shorter as Provider[T].",),
            )
        )
