"""Weaving by post-processor, for contexts that are put together by hand."""

from typing import Any

from pyfly.aop._facts import MethodFacts, prefixes_of
from pyfly.aop.advice import Advice, is_aspect
from pyfly.aop.registry import AspectRegistry
from pyfly.aop.weaver import weave, woven_into
from pyfly.container.interception import original_class


class AspectBeanPostProcessor:
    """Collects the aspects among the beans it sees and weaves them into the others.

    An application does not need it: there, aspects are known before any bean is made. Beside that it adds
    what is missing and nothing twice.
    """

    def __init__(self, registry: AspectRegistry | None = None) -> None:
        """Weave the aspects of *registry*, and those that are found."""
        self.registry = registry if registry is not None else AspectRegistry()

    def before_init(self, bean: Any, bean_name: str) -> Any:
        """Remember *bean* if it is an aspect."""
        if is_aspect(original_class(type(bean))):
            self.registry.register(bean)
        return bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        """Weave what has been collected into *bean*, which stays the same object; aspects are left alone."""
        cls = original_class(type(bean))
        if not self.registry.is_empty and not is_aspect(cls):
            weave(bean, prefixes_of(cls), lambda facts: self._missing(bean, facts), bean_name)
        return bean

    def _missing(self, bean: Any, facts: MethodFacts) -> list[Advice]:
        there = woven_into(type(bean), facts.name)
        return [each for each in self.registry.advice_for(facts) if (each.aspect, each.name) not in there]
