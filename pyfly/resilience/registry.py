"""The policies of one application: those of its configuration, its beans and its decorators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import RLock
from typing import Any, TypeVar, cast
from weakref import WeakMethod

from pyfly.container.metadata import record_of
from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import PyFlyException
from pyfly.kernel.nearest import nearest
from pyfly.resilience.bulkhead import Bulkhead
from pyfly.resilience.circuit_breaker import CircuitBreaker
from pyfly.resilience.composition import compose
from pyfly.resilience.events import Listener, PolicyKind, ResilienceEvent, ResilienceEvents
from pyfly.resilience.limiter import Limiter
from pyfly.resilience.metrics import Calls, Counted, Measurement, measurements
from pyfly.resilience.policies import configured, no_store, section
from pyfly.resilience.policy import Guard, Policy
from pyfly.resilience.ports.outbound import TokenStore
from pyfly.resilience.properties import ResilienceProperties
from pyfly.resilience.records import PolicySpec, ResilienceRecord
from pyfly.resilience.retry import Retry
from pyfly.resilience.time_limiter import TimeLimiter

P = TypeVar("P", bound=Policy)
F = TypeVar("F", bound=Callable[..., Any])


class UnknownPolicyError(PyFlyException, KeyError):
    """No policy of this kind has this name."""

    def __init__(self, kind: PolicyKind, name: str, known: Sequence[str]) -> None:
        """Look for *name* among those *known*."""
        close = nearest(name, known)
        hint = f"; did you mean '{close}'?" if close else ""
        super().__init__(f"There is no {kind.value} policy '{name}'{hint}")
        self.kind, self.name, self.known = kind, name, tuple(known)

    __str__ = Exception.__str__


class PolicyRegistry:
    """Finds policies by name, and shows the state of all of them.

    A policy is made when it is first asked for. Its settings are those of
    ``pyfly.resilience.<kind>.<name>``; where there are none, it is the bean of that name.
    """

    def __init__(
        self,
        properties: ResilienceProperties | None = None,
        *,
        clock: Clock | None = None,
        find_bean: Callable[[PolicyKind, str], Policy | None] = lambda kind, name: None,
        find_listeners: Callable[[], Sequence[ResilienceEvents]] = tuple,
        find_tokens: Callable[[], TokenStore] = no_store,
    ) -> None:
        """Read settings from *properties*.

        Args:
            properties: The configuration.
            clock: The clock of the policies that are made here.
            find_bean: Returns the policy that somebody else made, by kind and name.
            find_listeners: Returns who is told of events; asked at the first one.
            find_tokens: Returns the store of limits that are shared; asked when there is one.
        """
        self._properties = properties or ResilienceProperties()
        self._clock = clock
        self._find_bean = find_bean
        self._find_listeners = find_listeners
        self._find_tokens = find_tokens
        self._listeners: Sequence[ResilienceEvents] | None = None
        self._policies: dict[tuple[PolicyKind, str], Policy] = {}
        self._heard: dict[Policy, Listener] = {}
        self._calls: dict[Policy, Calls] = {}
        self._lock = RLock()

    def retry(self, name: str) -> Retry:
        """Return the retry policy *name*, or raise ``UnknownPolicyError``."""
        return self._typed(PolicyKind.RETRY, name, Retry)

    def circuit_breaker(self, name: str) -> CircuitBreaker:
        """Return the circuit breaker *name*, or raise ``UnknownPolicyError``."""
        return self._typed(PolicyKind.CIRCUIT_BREAKER, name, CircuitBreaker)

    def rate_limiter(self, name: str) -> Limiter:
        """Return the rate limiter *name*, or raise ``UnknownPolicyError``."""
        return self._typed(PolicyKind.RATE_LIMITER, name, Limiter)  # type: ignore[type-abstract]

    def time_limiter(self, name: str) -> TimeLimiter:
        """Return the time limiter *name*, or raise ``UnknownPolicyError``."""
        return self._typed(PolicyKind.TIME_LIMITER, name, TimeLimiter)

    def bulkhead(self, name: str) -> Bulkhead:
        """Return the bulkhead *name*, or raise ``UnknownPolicyError``."""
        return self._typed(PolicyKind.BULKHEAD, name, Bulkhead)

    def get(self, kind: PolicyKind, name: str) -> Policy:
        """Return the policy *name* of *kind*.

        Raises:
            UnknownPolicyError: There is none.
        """
        with self._lock:
            found = self._policies.get((kind, name))
            return found if found is not None else self._keep(kind, name, self._made(kind, name))

    def names(self, kind: PolicyKind) -> list[str]:
        """Return the names of the configured policies of *kind*."""
        return sorted(section(self._properties, kind))

    def policies(self) -> list[Policy]:
        """Return every policy that is in use, by kind and name."""
        with self._lock:
            return [
                self._policies[key] for key in sorted(self._policies, key=lambda key: (key[0].value, key[1]))
            ]

    def states(self) -> list[Mapping[str, Any]]:
        """Return the state of every policy that is in use, by kind and name, with its calls by outcome."""
        return [self._state(each) for each in self.policies()]

    def measurements(self) -> list[Measurement]:
        """Return every number about the policies in use, for a system of metrics to collect."""
        return list(measurements(self.states()))

    def bind(self, function: F) -> F:
        """Return the decorated *function* with the policies of this application.

        What it asks for by name is found here, and what its decorators describe is made anew. Use it
        for functions that are no methods of beans.
        """
        found = record_of(function, ResilienceRecord)
        if found is None or found.original is None:
            return function
        owner = getattr(found.original, "__qualname__", "")
        bound = compose(found.original, self.of(found, owner), found.original)
        return cast("F", bound)

    def of(self, declared: ResilienceRecord, owner: str) -> list[Guard]:
        """Return the policies that *declared* asks for, outermost first; *owner* names those it describes."""
        return [self._counted(spec, self._of(spec, owner)) for spec in declared.specs]

    def _counted(self, spec: PolicySpec, policy: Policy) -> Guard:
        adapted = spec.adapt(policy)
        if not self._properties.metrics.enabled:
            return adapted
        with self._lock:
            return Counted(adapted, self._calls.setdefault(policy, Calls(policy.kind)))

    def _state(self, policy: Policy) -> Mapping[str, Any]:
        calls = self._calls.get(policy)
        return policy.snapshot() if calls is None else {**policy.snapshot(), "calls": calls.by_outcome()}

    def _of(self, spec: PolicySpec, owner: str) -> Policy:
        if spec.name:
            return self.get(spec.kind, spec.name)
        with self._lock:
            if spec.instance is not None:
                name = spec.instance.name or owner
                return self._keep(spec.kind, self._free(spec.kind, name, spec.instance), spec.instance)
            if spec.build is None:
                raise TypeError("a policy specification without a policy")
            name = self._free(spec.kind, owner, None)
            return self._keep(spec.kind, name, spec.build(name, self._clock))

    def _free(self, kind: PolicyKind, name: str, wanted: Policy | None) -> str:
        """Return *name*, or the first ``name#2`` ... that nothing else has."""
        number, found = 1, name
        while (known := self._policies.get((kind, found))) is not None and known is not wanted:
            number += 1
            found = f"{name}#{number}"
        return found

    def _keep(self, kind: PolicyKind, name: str, policy: Policy) -> Policy:
        self._policies[kind, name] = policy
        policy.add_listener(self._weakly(policy))
        return policy

    def _weakly(self, policy: Policy) -> Listener:
        """Return :meth:`_tell` for *policy*, which may outlive this application and must not keep it."""
        if (known := self._heard.get(policy)) is not None:
            return known

        def tell(event: ResilienceEvent) -> None:
            if (target := registry()) is not None:
                target(event)
            else:
                policy.remove_listener(tell)

        registry = WeakMethod(self._tell)
        self._heard[policy] = tell
        return tell

    def _made(self, kind: PolicyKind, name: str) -> Policy:
        settings = section(self._properties, kind).get(name)
        if settings is not None:
            return configured(kind, name, settings, self._clock, self._find_tokens)
        found = self._find_bean(kind, name)
        if found is None:
            raise UnknownPolicyError(kind, name, self.names(kind))
        return found

    def _typed(self, kind: PolicyKind, name: str, cls: type[P]) -> P:
        found = self.get(kind, name)
        if not isinstance(found, cls):
            raise TypeError(f"{found!r} is no {cls.__name__}")
        return found

    def _tell(self, event: ResilienceEvent) -> None:
        if self._listeners is None:
            self._listeners = tuple(self._find_listeners())
        for listener in self._listeners:
            listener.on_event(event)
