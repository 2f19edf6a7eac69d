"""What policies tell: a call was retried, refused, cut off; a breaker changed its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, Protocol

from pyfly.kernel.record import Record, attribute


class PolicyKind(Enum):
    """The kinds of policies, in the order of their nesting: the first is outermost."""

    FALLBACK = "fallback"
    RETRY = "retry"
    CIRCUIT_BREAKER = "circuit-breaker"
    RATE_LIMITER = "rate-limiter"
    TIME_LIMITER = "time-limiter"
    BULKHEAD = "bulkhead"


NESTING: Final = tuple(PolicyKind)


class EventType(Enum):
    """What happened."""

    RETRIED = "retried"
    RECOVERED = "recovered"
    """A call succeeded after at least one retry."""
    EXHAUSTED = "exhausted"
    """A call was given up after its last attempt."""
    STATE_CHANGED = "state-changed"
    REJECTED = "rejected"
    """A call was not made: the circuit is open, the limit reached, the bulkhead full."""
    TIMED_OUT = "timed-out"
    RUNAWAY = "runaway"
    """A call that was cut off goes on although it was cancelled, or cannot be cancelled."""
    FELL_BACK = "fell-back"
    STORE_UNAVAILABLE = "store-unavailable"
    """The store that a limit is shared in did not answer."""


class ResilienceEvent(Record, kw_only=True):
    """One thing that a policy did, other than letting a call through.

    Attributes:
        kind: The kind of the policy.
        policy: Its name.
        type: What happened.
        details: What else is known, such as ``attempt`` and ``delay``, or ``before`` and ``after``.
    """

    kind: PolicyKind
    policy: str
    type: EventType
    details: Mapping[str, Any] = attribute(default_factory=dict)


Listener = Callable[[ResilienceEvent], None]


class ResilienceEvents(Protocol):
    """Port: is told of every :class:`ResilienceEvent`. Beans that inherit it are found by themselves."""

    def on_event(self, event: ResilienceEvent) -> None:
        """Take note of *event*. Called where it happens, so it must neither block nor take long.

        A failure is logged and otherwise ignored.
        """
