"""What can be wrong with a bean or with the wiring of many.

InfrastructureException
└── BeanCreationException                 a bean, or the adapter of a subsystem, could not be made
    └── WiringError                       explains itself: carries a Diagnosis
        ├── NoSuchBeanError (KeyError)    nothing fits
        ├── NoUniqueBeanError (KeyError)  several fit and none is preferred
        ├── CircularDependencyError       beans need each other
        ├── ScopeMismatchError            a bean would keep another one beyond its scope
        ├── Problem                       anything else that a check has found
        └── BeanGraphError                all of the above, found in one pass
"""

from __future__ import annotations

from collections.abc import Sequence

from pyfly.kernel.diagnosis import Diagnosis, diagnose, explain
from pyfly.kernel.exceptions import InfrastructureException


class BeanCreationException(InfrastructureException):
    """A bean or an infrastructure adapter could not be created or started."""

    def __init__(self, subsystem: str, provider: str, reason: str) -> None:
        """Say which *subsystem* and *provider* failed, and the *reason*."""
        message = f"Cannot create {subsystem} bean with provider '{provider}': {reason}"
        super().__init__(message, code=f"BEAN_CREATION_{subsystem.upper()}")
        self.subsystem = subsystem
        self.provider = provider
        self.reason = reason

    @property
    def diagnosis(self) -> Diagnosis:
        """What failed, why, and what to do."""
        return explain(self) or Diagnosis(f"{self}.")


class WiringError(BeanCreationException):
    """A mistake in the wiring of the beans, with its explanation in :attr:`diagnosis`."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        """Raise what *diagnosis* explains."""
        super().__init__("container", "wiring", diagnosis.what)
        self.args = (diagnosis.what,)
        self._diagnosis = diagnosis

    @property
    def diagnosis(self) -> Diagnosis:
        """What failed, why, and what to do."""
        return self._diagnosis

    def __str__(self) -> str:
        return str(self.args[0])


class NoSuchBeanError(WiringError, KeyError):
    """No bean has the requested type or name."""


class NoUniqueBeanError(WiringError, KeyError):
    """Several beans have the requested type and none of them is preferred."""


class CircularDependencyError(WiringError):
    """Beans need each other, directly or through others."""


class ScopeMismatchError(WiringError):
    """A long-lived bean would hold on to a short-lived one, or there is no scope to make it in."""


class AsyncBeanError(WiringError):
    """A bean whose creation needs ``await`` was asked for without it."""


class Problem(WiringError):
    """A mistake found by a start-up check, with the error that revealed it, if any."""

    def __init__(self, diagnosis: Diagnosis, error: Exception | None = None) -> None:
        """Report *diagnosis*; *error* becomes the cause."""
        super().__init__(diagnosis)
        self.__cause__ = error


class BeanGraphError(WiringError):
    """Everything that is wrong with the wiring, found before any bean was built."""

    def __init__(self, problems: Sequence[WiringError]) -> None:
        """Gather *problems*; there is at least one."""
        count = "1 wiring error" if len(problems) == 1 else f"{len(problems)} wiring errors"
        super().__init__(Diagnosis(f"{count}: " + "; ".join(str(problem) for problem in problems)))
        self.problems = tuple(problems)


@diagnose.register
def _explain_wiring(failure: WiringError) -> Diagnosis:
    return failure.diagnosis
