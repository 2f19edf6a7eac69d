"""A collection of aspects that have been made already."""

from typing import Any

from pyfly.aop._facts import MethodFacts
from pyfly.aop.advice import Advice, AspectSource, advice_of, in_order
from pyfly.aop.pointcut import matches_pointcut
from pyfly.aop.types import AdviceBinding
from pyfly.container.ordering import get_order


class AspectRegistry:
    """Keeps aspects and the bindings of their advice, for :func:`pyfly.aop.weave_bean`.

    Applications do not need one: their aspects are beans and are found.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._advices: list[Advice] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is no advice to weave."""
        return not self._advices

    def register(self, aspect_instance: object) -> None:
        """Add the advice of *aspect_instance*.

        Raises:
            InvalidAspectError: A pointcut cannot be read, or a method cannot be advice.
        """
        cls = type(aspect_instance)
        source = AspectSource(lambda: aspect_instance, get_order(cls), is_ready=True)
        found = advice_of(cls, source)
        for advice in found:
            advice.pointcut.resolve()
        self._advices = in_order([*self._advices, *found])

    def get_all_bindings(self) -> list[AdviceBinding]:
        """Return every binding, by the ``@order`` of its aspect and then by registration."""
        return [_binding(each) for each in self._advices]

    def get_matching(self, qualified_name: str) -> list[AdviceBinding]:
        """Return the bindings whose pointcut matches *qualified_name*, in the same order."""
        return [
            _binding(each) for each in self._advices if matches_pointcut(each.pointcut.text, qualified_name)
        ]

    def advice_for(self, facts: MethodFacts) -> list[Advice]:
        """Return the advice on the method of *facts*, outermost aspect first."""
        return [each for each in self._advices if each.pointcut.matches(facts)]


def _binding(advice: Advice) -> AdviceBinding:
    handler: Any = advice.handler()
    return AdviceBinding(advice.advice_type.value, advice.pointcut.text, handler, advice.source.order)
