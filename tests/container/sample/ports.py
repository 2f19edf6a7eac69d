"""What the sample needs."""

from abc import ABC, abstractmethod
from typing import Protocol


class Payments(Protocol):
    def pay(self) -> str: ...


class Ledger(ABC):
    @abstractmethod
    def book(self) -> str: ...
