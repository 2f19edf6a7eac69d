"""The words for wiring mistakes: what failed, why, and the remedies that fit the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pyfly.container.definition import BeanDefinition, Origin, scope_text
from pyfly.container.exceptions import (
    AsyncBeanError,
    CircularDependencyError,
    NoSuchBeanError,
    NoUniqueBeanError,
    Problem,
    ScopeMismatchError,
)
from pyfly.container.metadata import recorded_members
from pyfly.container.records import FactoryRecord
from pyfly.container.registry import Exclusion, Registry
from pyfly.container.resolution import Dependency, Shape, UnresolvedAnnotationError, hints_of
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.nearest import nearest

_MOST_FIXES = 3
_MOST_REMEDIES = 2


def type_text(wanted: Any) -> str:
    """Return the short name of a type for messages, generic arguments included."""
    origin = get_origin(wanted)
    if origin is Union or origin is UnionType:
        return " | ".join(map(type_text, get_args(wanted)))
    if isinstance(origin, type):
        return f"{type_text(origin)}[{', '.join(map(type_text, get_args(wanted)))}]"
    return wanted.__qualname__ if isinstance(wanted, type) else str(wanted)


def missing(registry: Registry, wanted: Any, needed_by: str = "") -> NoSuchBeanError:
    """Explain that no bean of type *wanted* exists, naming every near miss with its reason."""
    name = type_text(wanted)
    what = (
        f"{needed_by} needs a bean of type {name}, and there is none."
        if needed_by
        else f"There is no bean of type {name}."
    )
    left_out = [item for item in registry.exclusions if _would_fit(item.definition, wanted)]
    why = [f"{_shown(item.definition)} fits but was left out: {item.reason}." for item in left_out]
    makers = [
        item
        for item in registry.exclusions
        if item.definition.factory is None and _would_make(item.definition, wanted)
    ]
    why += [f"{_shown(item.definition)} would make one but was left out: {item.reason}." for item in makers]
    left_out += makers
    similar = _similar(registry, wanted)
    why += [f"There is a bean of the similarly named type {other}." for other in similar]
    why += _specialisations(registry, wanted)
    fix = _remedies(left_out)
    fix += [f"Ask for {other} instead." for other in similar]
    fix.append(f"{_how_to_register(wanted)}.")
    return NoSuchBeanError(Diagnosis(what, tuple(why), tuple(fix[:_MOST_FIXES])))


def missing_name(registry: Registry, name: str, needed_by: str = "") -> NoSuchBeanError:
    """Explain that no bean is called *name*."""
    suggestion = nearest(name, registry.names())
    what = f"No bean named '{name}'" + (f", which {needed_by} asks for." if needed_by else " is registered.")
    left_out = [item for item in registry.exclusions if item.definition.name == name]
    why = tuple(f"{_shown(item.definition)} was left out: {item.reason}." for item in left_out)
    fix = _remedies(left_out)
    fix += [f"Did you mean '{suggestion}'?"] if suggestion else []
    fix.append(f"Register a bean with name='{name}'.")
    return NoSuchBeanError(Diagnosis(what, why, tuple(fix)))


def ambiguous(wanted: Any, candidates: Sequence[BeanDefinition], needed_by: str = "") -> NoUniqueBeanError:
    """Explain that several beans fit and none is preferred."""
    name = type_text(wanted)
    names = ", ".join(candidate.name for candidate in candidates)
    subject = (
        f"{needed_by} needs one bean of type {name}"
        if needed_by
        else f"One bean of type {name} was asked for"
    )
    return NoUniqueBeanError(
        Diagnosis(
            f"{subject}, and {len(candidates)} fit: {names}; mark one with @primary or choose by name.",
            tuple(f"{_shown(candidate)} fits." for candidate in candidates),
            (
                "Mark one of them with @primary.",
                f"Choose one by name: Annotated[{name}, Qualifier('{candidates[0].name}')].",
                f"Take all of them: list[{name}].",
            ),
        )
    )


def wrong_qualifier(owner: BeanDefinition, dependency: Dependency, found: BeanDefinition) -> Problem:
    """Explain that a qualifier names a bean of another type."""
    wanted = type_text(dependency.wanted)
    return Problem(
        Diagnosis(
            f"{owner.name} asks for a {wanted} named '{found.name}' for {owner.point(dependency)}, "
            f"but that bean is a {type_text(found.type)}.",
            (f"{_shown(found)} has this name.",),
            (f"Name a bean of type {wanted}.", f"Annotate the parameter with {type_text(found.type)}."),
        )
    )


def not_injectable(owner: BeanDefinition, dependency: Dependency) -> Problem:
    """Explain that the annotation of an injection point can never be satisfied."""
    return Problem(
        Diagnosis(
            f"{owner.name} cannot be given {owner.point(dependency)}: it {dependency.problem}.",
            (),
            (
                "Annotate it with the type of a bean.",
                'Take a configuration value: Annotated[int, Value("${some.key}")].',
                "Give it a default value.",
            ),
        )
    )


def unreadable(owner: BeanDefinition, error: Exception) -> Problem:
    """Explain that the annotations of *owner* cannot be evaluated."""
    return Problem(
        Diagnosis(
            f"The annotations of {owner.name} ({owner.origin}) cannot be read.",
            (str(error),),
            ("Import the name at module level, outside `if TYPE_CHECKING:`.",),
        ),
        error,
    )


def cycle(ring: Sequence[tuple[BeanDefinition, Dependency | None]]) -> CircularDependencyError:
    """Draw the ring of beans that need each other, with the injection points that close it."""
    names = [definition.name for definition, _ in ring]
    chain = " -> ".join([*names, names[0]])
    why = tuple(
        f"{definition.name} -> {following} by {_via(definition, dependency)}"
        for (definition, dependency), following in zip(ring, [*names[1:], names[0]], strict=True)
    )
    last, dependency = ring[-1]
    point = f" for '{dependency.name}'" if dependency else ""
    return CircularDependencyError(
        Diagnosis(
            f"Circular dependency: {chain}",
            why,
            (
                f"Let {last.name} take Provider[{type_text(ring[0][0].type)}]{point} and call get() when it needs the bean.",
                "Move what both need into a third bean.",
            ),
        )
    )


def at_run_time(chain: Iterable[str]) -> CircularDependencyError:
    """Explain a cycle that closed while beans were being created, through a provider."""
    return CircularDependencyError(
        Diagnosis(
            "Circular dependency: " + " -> ".join(chain),
            ("A constructor asked a provider for a bean that is waiting for that constructor.",),
            ("Call the provider after construction, not in the constructor.",),
        )
    )


def beyond_scope(
    owner: BeanDefinition, dependency: Dependency | None, held: BeanDefinition
) -> ScopeMismatchError:
    """Explain that *owner* would keep *held* beyond its scope."""
    point = f" through {owner.point(dependency)}" if dependency else ""
    return ScopeMismatchError(
        Diagnosis(
            f"{owner.name} ({scope_text(owner.scope)}) would keep {held.name} ({scope_text(held.scope)}) "
            f"beyond its scope{point}.",
            (f"{_shown(held)} has scope {scope_text(held.scope)}.",),
            (
                f"Inject Provider[{type_text(held.type)}] and call get() where the bean is used.",
                f"Mark {held.name} with proxy=True.",
                f"Give {owner.name} the scope {scope_text(held.scope)}.",
            ),
        )
    )


def no_scope(definition: BeanDefinition) -> ScopeMismatchError:
    """Explain that a scoped bean was asked for outside its scope."""
    scope = scope_text(definition.scope)
    known = scope in ("request", "session")
    return ScopeMismatchError(
        Diagnosis(
            f"{definition.name} has scope {scope}, and no {scope} is active here.",
            (f"{_shown(definition)} was asked for outside a {scope}.",),
            (
                "Ask for it while a request is handled, or inside `async with context.request_scope():`."
                if known
                else f"Register a handler first: container.register_scope({scope!r}, handler).",
            ),
        )
    )


def needs_await(definition: BeanDefinition) -> AsyncBeanError:
    """Explain that a bean with asynchronous creation was asked for synchronously."""
    return AsyncBeanError(
        Diagnosis(
            f"{definition.name} ({definition.origin}) cannot be created here: its creation awaits.",
            (),
            ("Use `await provider.aget()` or `await container.aresolve(...)`.",),
        )
    )


def returned_none(
    definition: BeanDefinition, owner: BeanDefinition, dependency: Dependency
) -> NoSuchBeanError:
    """Explain that the factory of a required bean returned ``None``."""
    return NoSuchBeanError(
        Diagnosis(
            f"{owner.name} needs {type_text(dependency.wanted)} for {owner.point(dependency)}, "
            f"but factory '{definition.name}' ({definition.origin}) returned None.",
            (),
            (
                f"Annotate the injection point with {type_text(dependency.wanted)} | None.",
                f"Let '{definition.name}' return a bean.",
            ),
        )
    )


def nothing_behind(owner: BeanDefinition, dependency: Dependency) -> NoSuchBeanError:
    """Explain that a provider was asked although no bean fits."""
    wanted = type_text(dependency.wanted)
    return NoSuchBeanError(
        Diagnosis(
            f"The provider given to {owner.name} as {owner.point(dependency)} has no bean of type {wanted} to yield.",
            (),
            (f"Register a bean of type {wanted}.", "Ask with get_or_none() where it may be missing."),
        )
    )


def no_values(owner: BeanDefinition, dependency: Dependency) -> Problem:
    """Explain that a container without configuration cannot evaluate a ``Value``."""
    return Problem(
        Diagnosis(
            f"{owner.name} takes the value {dependency.expression!r} for {owner.point(dependency)}, "
            "and this container has no configuration.",
            (),
            ("Use an ApplicationContext, which brings one.",),
        )
    )


def endless_generator(definition: BeanDefinition) -> Problem:
    """Explain that a generator bean of this scope would never be destroyed."""
    return Problem(
        Diagnosis(
            f"@bean method '{definition.name}' ({definition.origin}) is a generator of "
            f"{scope_text(definition.scope)} beans, and nobody would run what follows its yield.",
            (),
            ("Give it the scope REQUEST or SINGLETON.", "Return the bean instead of yielding it."),
        )
    )


def awaits_in_handler(definition: BeanDefinition) -> Problem:
    """Explain that a scope handler, which does not await, cannot make the beans of an async factory."""
    return Problem(
        Diagnosis(
            f"@bean method '{definition.name}' ({definition.origin}) is async, "
            f"and the handler of scope {scope_text(definition.scope)} does not await.",
            (),
            (
                "Do what awaits in an async method of the bean.",
                "Give it the scope REQUEST, SINGLETON or TRANSIENT.",
            ),
        )
    )


def yielded_nothing(definition: BeanDefinition) -> Problem:
    """Explain that a generator bean ended without a bean."""
    return Problem(
        Diagnosis(
            f"@bean method '{definition.name}' ({definition.origin}) is a generator that yielded nothing.",
            (),
            ("Let it yield the bean, once.",),
        )
    )


def duplicate_name(name: str, definitions: Sequence[BeanDefinition]) -> Problem:
    """Explain that several beans have the same name."""
    return Problem(
        Diagnosis(
            f"{len(definitions)} beans are called '{name}'.",
            tuple(f"{_shown(definition)} has this name." for definition in definitions),
            (
                "Give one of them another name: name='...' on its decorator.",
                "Let the last one replace the others: pyfly.context.allow-bean-overriding: true.",
            ),
        )
    )


def no_return_annotation(owner: type, method: str, origin: Origin, declared: Any = None) -> Problem:
    """Explain that a ``@bean`` method does not say what it makes, or says *declared*, which is no class."""
    missing_it = declared is None or declared is NoneType or declared is Any
    has = (
        "has no return annotation"
        if missing_it
        else f"is annotated with {type_text(declared)}, which is no class"
    )
    return Problem(
        Diagnosis(
            f"@bean method {owner.__qualname__}.{method} ({origin}) {has}, "
            "so nobody can know which type of bean it makes.",
            (),
            ("Annotate its return type.",) if missing_it else ("Annotate it with the class of the bean.",),
        )
    )


def needed_by(owner: BeanDefinition, dependency: Dependency) -> str:
    """Say who needs what and where, as the subject of a sentence."""
    inside = {Shape.PROVIDER: " (through a provider)", Shape.LAZY: " (through a provider)"}
    return f"{owner.name}, {owner.point(dependency)}{inside.get(dependency.shape, '')},"


def _via(definition: BeanDefinition, dependency: Dependency | None) -> str:
    return (
        definition.point(dependency)
        if dependency
        else f"its configuration class or depends_on ({definition.origin})"
    )


def _shown(definition: BeanDefinition) -> str:
    return f"{definition.name} ({type_text(definition.type)}, {definition.origin})"


def _remedies(left_out: Sequence[Exclusion]) -> list[str]:
    """Say how the first of those that were left out can be kept."""
    found = dict.fromkeys(
        item.remedy or f"Make the condition true that leaves out {item.definition.type.__qualname__}."
        for item in left_out
    )
    return list(found)[:_MOST_REMEDIES]


def _would_fit(definition: BeanDefinition, wanted: Any) -> bool:
    return isinstance(wanted, type) and not hasattr(wanted, "__args__") and wanted in definition.type.__mro__


def _would_make(definition: BeanDefinition, wanted: Any) -> bool:
    """Say whether a ``@bean`` method of a configuration class, which nobody has looked at, makes what is missing."""
    for name, _ in recorded_members(definition.type, FactoryRecord):
        try:
            made = hints_of(getattr(definition.type, name)).get("return")
        except UnresolvedAnnotationError:
            continue
        if made == wanted or (isinstance(made, type) and wanted in made.__mro__):
            return True
    return False


def _similar(registry: Registry, wanted: Any) -> list[str]:
    name = wanted.__name__ if isinstance(wanted, type) else str(wanted)
    others = {each.type.__name__: type_text(each.type) for each in registry if each.type is not wanted}
    found = nearest(name, others)
    return [others[found]] if found else []


def _specialisations(registry: Registry, wanted: Any) -> list[str]:
    """Beans of the same generic origin but other arguments, and more general beans."""
    origin = getattr(wanted, "__origin__", None)
    if origin is None:
        return []
    return [
        f"{_shown(definition)} is one with other type arguments."
        for definition in registry.assignable(origin)
    ]


def _how_to_register(wanted: Any) -> str:
    name = type_text(wanted)
    if get_origin(wanted) is not None or (
        isinstance(wanted, type)
        and (getattr(wanted, "_is_protocol", False) or getattr(wanted, "__abstractmethods__", None))
    ):
        return f"Register a class that inherits {name}, or a @bean method annotated with it"
    module = getattr(wanted, "__module__", "")
    return f"Mark {name} with @component and scan {module}, or add a @bean method that returns it"
