"""What the decorators leave on a function: which policies are to guard it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyfly.kernel.clock import Clock
from pyfly.kernel.record import Record
from pyfly.resilience.events import PolicyKind
from pyfly.resilience.policy import Function, Policy

Build = Callable[[str, Clock | None], Policy]
Adapt = Callable[[Policy], Policy]


def unchanged(policy: Policy) -> Policy:
    """Return *policy*."""
    return policy


class PolicySpec(Record, kw_only=True):
    """One decorator: the name of a policy, a ready one, or the way to make one for each function.

    Attributes:
        kind: The kind of the policy.
        name: The name under which it is looked up, or ``""``.
        instance: The policy itself, or ``None``.
        build: Makes it of the settings of the decorator, given a name and a clock, or ``None``.
        adapt: Fits it to this function, for example by a key.
    """

    kind: PolicyKind
    name: str = ""
    instance: Policy | None = None
    build: Build | None = None
    adapt: Adapt = unchanged


class ResilienceRecord(Record, kw_only=True):
    """All policies of one function, outermost first.

    Attributes:
        specs: The policies, in the order of their nesting.
        original: The function without any of them.
        composed: The function with all of them, on which the record is.
        is_method: Whether it was written in the body of a class.
    """

    specs: tuple[PolicySpec, ...] = ()
    original: Function | None = None
    composed: Any = None
    is_method: bool = False
