"""The bean graph: what each definition needs is linked to definitions and checked as a whole.

Nothing is built here. Every mistake becomes a :class:`WiringError`, so that a start-up can report all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pyfly.container import explain
from pyfly.container.definition import BeanDefinition, Making
from pyfly.container.exceptions import WiringError
from pyfly.container.registry import Registry, by_order
from pyfly.container.resolution import Dependency, Shape, UnresolvedAnnotationError
from pyfly.container.types import MISSING, Scope

_GENERATORS = (Making.GENERATOR, Making.ASYNC_GENERATOR)
_DEFERRED = (Shape.PROVIDER, Shape.LAZY)
_MANY = (Shape.LIST, Shape.TUPLE, Shape.SET, Shape.DICT)


class Link:
    """A dependency together with the definitions that satisfy it."""

    __slots__ = ("dependency", "is_field", "targets")

    def __init__(
        self, dependency: Dependency, targets: tuple[BeanDefinition, ...], *, is_field: bool = False
    ) -> None:
        """Satisfy *dependency* with *targets*; none means its default, ``None`` or an empty collection."""
        self.dependency = dependency
        self.targets = targets
        self.is_field = is_field

    @property
    def shape(self) -> Shape:
        """The form in which the targets are delivered."""
        return self.dependency.shape

    @property
    def is_deferred(self) -> bool:
        """Whether the targets are looked up later, through a handle."""
        return self.dependency.shape in _DEFERRED


class BeanGraph:
    """Links definitions and finds what is wrong with them."""

    def __init__(self, registry: Registry) -> None:
        """Work on the definitions of *registry*."""
        self._registry = registry

    def check(self, definitions: Iterable[BeanDefinition]) -> list[WiringError]:
        """Link *definitions* and everything they need; return all mistakes, in a stable order."""
        ordered = list(definitions)
        problems: list[WiringError] = []
        for definition in ordered:
            problems += self._link(definition)
        problems += self._cycles(ordered)
        if not problems:
            problems += self._scopes(ordered)
        if not problems:
            for definition in ordered:
                definition.stamp = self._registry.version
        return problems

    def require(self, definition: BeanDefinition) -> None:
        """Make sure that *definition* and all it needs are sound.

        Raises:
            WiringError: The first mistake among them.
        """
        if definition.stamp == self._registry.version:
            return
        problems = self.check(self._reachable(definition))
        if problems:
            raise problems[0]

    def select(self, wanted: Any, needed_by: str = "") -> BeanDefinition:
        """Return the one definition for *wanted*: the exact type, the primary, or the only candidate.

        Raises:
            NoSuchBeanError: Nothing fits.
            NoUniqueBeanError: Several fit and none is preferred.
        """
        candidates = self._registry.assignable(wanted)
        if not candidates:
            raise explain.missing(self._registry, wanted, needed_by)
        chosen = preferred(candidates, wanted)
        if chosen is None:
            raise explain.ambiguous(wanted, candidates, needed_by)
        return chosen

    def by_name(self, name: str, needed_by: str = "") -> BeanDefinition:
        """Return the definition called *name*; the last one where overriding is allowed.

        Raises:
            NoSuchBeanError: No bean has this name.
        """
        found = self._registry.named(name)
        if not found:
            raise explain.missing_name(self._registry, name, needed_by)
        return found[-1]

    def all_of(self, wanted: Any) -> list[BeanDefinition]:
        """Return every definition assignable to *wanted*, by ``@order``, then registration."""
        return sorted(self._registry.assignable(wanted), key=by_order)

    def _reachable(self, root: BeanDefinition) -> list[BeanDefinition]:
        found = {root: None}
        pending = [root]
        while pending:
            current = pending.pop()
            if problems := self._link(current):
                raise problems[0]
            for target in _all_targets(current):
                if target not in found:
                    found[target] = None
                    pending.append(target)
        return list(found)

    def _link(self, definition: BeanDefinition) -> list[WiringError]:
        try:
            plan, fields = definition.plan(), definition.fields()
        except UnresolvedAnnotationError as error:
            return [explain.unreadable(definition, error)]
        links: list[Link] = []
        problems: list[WiringError] = []
        if definition.making in _GENERATORS and definition.scope not in (Scope.SINGLETON, Scope.REQUEST):
            problems.append(explain.endless_generator(definition))
        if definition.making is Making.COROUTINE and not isinstance(definition.scope, Scope):
            problems.append(explain.awaits_in_handler(definition))
        for dependency in (*plan, *fields):
            try:
                targets = self._targets(definition, dependency)
            except WiringError as problem:
                problems.append(problem)
            else:
                links.append(Link(dependency, targets, is_field=len(links) >= len(plan)))
        try:
            definition.needs = tuple(dict.fromkeys(self._needs(definition, links)))
        except WiringError as problem:
            problems.append(problem)
        definition.links = tuple(links)
        return problems

    def _targets(self, owner: BeanDefinition, dependency: Dependency) -> tuple[BeanDefinition, ...]:
        if dependency.shape is Shape.VALUE:
            return ()
        if dependency.qualifier is not None:
            return self._qualified(owner, dependency)
        if dependency.shape in _MANY and dependency.problem is None:
            return self._many(owner, dependency)
        candidates = self._candidates(owner, dependency) if dependency.problem is None else []
        if candidates and (chosen := preferred(candidates, dependency.wanted)) is not None:
            return (chosen,)
        if not candidates and (
            dependency.default is not MISSING or dependency.optional or _is_deferred(dependency)
        ):
            return ()
        if dependency.problem is not None:
            raise explain.not_injectable(owner, dependency)
        needed_by = explain.needed_by(owner, dependency)
        if candidates:
            raise explain.ambiguous(dependency.wanted, candidates, needed_by)
        raise explain.missing(self._registry, dependency.wanted, needed_by)

    def _qualified(self, owner: BeanDefinition, dependency: Dependency) -> tuple[BeanDefinition, ...]:
        name = dependency.qualifier or ""
        if not self._registry.named(name) and (dependency.optional or dependency.default is not MISSING):
            return ()
        found = self.by_name(name, explain.needed_by(owner, dependency))
        wanted = dependency.wanted
        fits = wanted is Any or wanted is object or found in self._registry.assignable(wanted)
        if not fits:
            raise explain.wrong_qualifier(owner, dependency, found)
        return (found,)

    def _candidates(self, owner: BeanDefinition, dependency: Dependency) -> list[BeanDefinition]:
        """What fits, besides *owner* itself: a bean may wrap another one of its own type."""
        fitting = self._registry.assignable(dependency.wanted)
        return [each for each in fitting if each is not owner] or fitting

    def _many(self, owner: BeanDefinition, dependency: Dependency) -> tuple[BeanDefinition, ...]:
        return tuple(each for each in self.all_of(dependency.wanted) if each is not owner)

    def _needs(self, definition: BeanDefinition, links: Sequence[Link]) -> Iterator[BeanDefinition]:
        if definition.owner is not None:
            yield definition.owner
        for name in definition.record.depends_on:
            yield self.by_name(name, f"depends_on of {definition.name} ({definition.origin})")
        for link in links:
            if not link.is_deferred:
                yield from (target for target in link.targets if not is_proxied(target))

    def _cycles(self, definitions: Sequence[BeanDefinition]) -> list[WiringError]:
        return [explain.cycle([(one, _edge(one, two)) for one, two in ring]) for ring in _rings(definitions)]

    def _scopes(self, definitions: Sequence[BeanDefinition]) -> Iterator[WiringError]:
        carried: dict[BeanDefinition, tuple[BeanDefinition, ...]] = {}
        for definition in creation_order(definitions):
            if definition.scope is Scope.TRANSIENT:
                carried[definition] = tuple(
                    {held: None for need in definition.needs for held in carried[need]}
                )
                continue
            carried[definition] = () if definition.scope is Scope.SINGLETON else (definition,)
            for need in definition.needs:
                held = next((each for each in carried[need] if _outlives(definition, each)), None)
                if held is not None:
                    yield explain.beyond_scope(definition, _edge(definition, need), held)
                    break


def preferred(candidates: Sequence[BeanDefinition], wanted: Any) -> BeanDefinition | None:
    """Return the candidate to inject for *wanted*, or ``None`` when the choice would be a guess."""
    if len(candidates) == 1:
        return candidates[0]
    regular = [each for each in candidates if not each.record.fallback] or candidates
    exact = [each for each in regular if each.type is wanted or each.type_key == wanted]
    primaries = [each for each in exact or regular if each.primary] or [
        each for each in regular if each.primary
    ]
    for group in (exact, primaries, regular):
        if len(group) == 1:
            return group[0]
    return None


def is_proxied(definition: BeanDefinition) -> bool:
    """Say whether others are given a proxy that looks the bean up at each use."""
    return definition.record.proxy and definition.scope not in (Scope.SINGLETON, Scope.TRANSIENT)


def creation_order(definitions: Iterable[BeanDefinition]) -> list[BeanDefinition]:
    """Return *definitions* and all they need, every one after its needs. The graph must have no cycle."""
    done: dict[BeanDefinition, None] = {}
    for root in definitions:
        stack = [root]
        while stack:
            current = stack[-1]
            waiting = [need for need in current.needs if need not in done] if current not in done else []
            if waiting:
                stack.extend(reversed(waiting))
            else:
                done[stack.pop()] = None
    return list(done)


def _all_targets(definition: BeanDefinition) -> Iterator[BeanDefinition]:
    yield from definition.needs
    for link in definition.links:
        if not link.is_deferred:
            yield from link.targets


def _is_deferred(dependency: Dependency) -> bool:
    return dependency.shape in _DEFERRED


def _outlives(definition: BeanDefinition, held: BeanDefinition) -> bool:
    if definition.scope is Scope.SINGLETON:
        return True
    return held.scope is Scope.REQUEST and definition.scope is not Scope.REQUEST


def _edge(one: BeanDefinition, two: BeanDefinition) -> Dependency | None:
    """The dependency by which *one* needs *two*, or ``None`` when it is its owner or ``depends_on``."""
    links: Sequence[Link] = one.links or ()
    return next((link.dependency for link in links if two in link.targets and not link.is_deferred), None)


def _rings(definitions: Sequence[BeanDefinition]) -> Iterator[list[tuple[BeanDefinition, BeanDefinition]]]:
    """Yield one ring of edges for every back edge that a depth-first walk meets."""
    finished: set[BeanDefinition] = set()
    for root in definitions:
        if root in finished:
            continue
        path: dict[BeanDefinition, Iterator[BeanDefinition]] = {root: iter(root.needs)}
        while path:
            current = next(reversed(path))
            for need in path[current]:
                if need in path:
                    members = list(path)
                    ring = members[members.index(need) :]
                    yield list(zip(ring, [*ring[1:], ring[0]], strict=True))
                elif need not in finished:
                    path[need] = iter(need.needs)
                    break
            else:
                finished.add(current)
                del path[current]
