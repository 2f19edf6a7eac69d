"""Checks that a module adds to the graph check, run before any bean is built."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from pyfly.container.container import Container
from pyfly.container.exceptions import WiringError


class GraphCheck(ABC):
    """Finds mistakes that only one module understands, such as a misspelt derived query.

    Named by ``@auto_configuration(checks=(…,))``, made without arguments. Its findings are reported
    together with those about the wiring itself.
    """

    @abstractmethod
    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield what is wrong. Definitions may be looked at; beans must not be asked for."""
