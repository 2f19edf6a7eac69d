"""Beans that do something once the application has started, before it counts as ready."""

from abc import ABC, abstractmethod
from collections.abc import Sequence


class ApplicationRunner(ABC):
    """A bean whose :meth:`run` is called after start-up and before readiness, by ``@order``."""

    @abstractmethod
    async def run(self) -> None:
        """Do the work; a failure fails the start."""


class CommandLineRunner(ABC):
    """An :class:`ApplicationRunner` that is given the command line."""

    @abstractmethod
    async def run(self, arguments: Sequence[str]) -> None:
        """Do the work; a failure fails the start."""
