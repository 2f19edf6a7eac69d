"""Errors of the domain: what the rules of the business forbid, with a code that clients can rely on."""

from collections.abc import Mapping
from typing import Final

from pyfly.kernel.exceptions import BusinessException, ConflictException

_LOWEST: Final = 400
_HIGHEST: Final = 599


class DomainError(BusinessException):
    """A rule of the domain forbids what was asked.

    Raise it as it is, ``DomainError("ORDER_CLOSED", 409, "Order 7 is closed")``, or give each rule a class
    of its own. Over HTTP it becomes a problem with this status and this stable code.
    """

    def __init__(
        self,
        code: str,
        status: int = 400,
        message: str = "",
        *,
        context: Mapping[str, object] | None = None,
    ) -> None:
        """Name the broken rule.

        Args:
            code: What clients tell the rule by. It never changes, whatever the message says.
            status: The HTTP status, where the error is reported over HTTP.
            message: A sentence for a person; made of the code when empty.
            context: Details.
        """
        if not _LOWEST <= status <= _HIGHEST:
            raise ValueError(f"an error has a status from {_LOWEST} to {_HIGHEST}, not {status}")
        super().__init__(message or _sentence(code), code=code, context=context)
        self.status = status

    def __reduce__(self) -> tuple[object, ...]:
        # An exception is rebuilt from its `args`, which hold the message only.
        return _rebuilt, (type(self), self.args, self.__dict__)


class IllegalTransitionError(ConflictException):
    """A state does not lead to the one that was asked for (409); ``context["allowed"]`` lists those it leads to."""

    def __init__(self, field: str, current: object, wanted: object, allowed: tuple[object, ...]) -> None:
        """Refuse to move *field* from *current* to *wanted*, and name the *allowed* moves."""
        self.field = field
        self.current = current
        self.wanted = wanted
        self.allowed = allowed
        moves = ", ".join(f"'{each}'" for each in allowed)
        hint = f"allowed: {moves}" if allowed else "nothing follows it"
        super().__init__(
            f"'{field}' cannot go from '{current}' to '{wanted}'; {hint}",
            code="ILLEGAL_TRANSITION",
            context={"field": field, "from": current, "to": wanted, "allowed": [*allowed]},
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.field, self.current, self.wanted, self.allowed)


def _rebuilt(cls: type[DomainError], args: tuple[object, ...], state: dict[str, object]) -> DomainError:
    made = cls.__new__(cls)
    made.args = args
    made.__dict__.update(state)
    return made


def _sentence(code: str) -> str:
    words = code.replace("_", " ").replace("-", " ").replace(".", " ").lower()
    return words[:1].upper() + words[1:]
