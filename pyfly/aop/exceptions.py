"""What can be wrong with an aspect, found before any bean is built."""

from pyfly.container.exceptions import WiringError
from pyfly.kernel.diagnosis import Diagnosis


class InvalidAspectError(WiringError, ValueError):
    """An aspect, its advice or a pointcut cannot work as written."""


class PointcutSyntaxError(InvalidAspectError):
    """The text of a pointcut does not follow the grammar.

    Attributes:
        pointcut: The text.
        position: Where reading stopped, counted from 0.
    """

    def __init__(self, pointcut: str, position: int, expected: str) -> None:
        """Say that at *position* of *pointcut* something else was *expected*."""
        found = f"'{pointcut[position : position + 20]}'" if position < len(pointcut) else "the end"
        shown = pointcut if len(pointcut) <= 80 else f"{pointcut[:77]}..."
        super().__init__(
            Diagnosis(
                f"The pointcut '{shown}' cannot be read: expected {expected} at position {position}, found {found}.",
                (),
                (
                    "Write name patterns, @annotation(…), within(…) and bean(…), joined by and, or, not and parentheses.",
                ),
            )
        )
        self.pointcut = pointcut
        self.position = position


class UnknownAnnotationError(InvalidAspectError):
    """A pointcut names a decorator that does not exist or leaves no mark."""


class IncompatibleAdviceError(InvalidAspectError):
    """An advice cannot run around a method of that kind, such as an async one around a sync method."""
