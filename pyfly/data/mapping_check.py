"""What is verified about ``@mapping`` before any bean is built."""

from collections.abc import Iterable, Iterator
from typing import Any

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.definition import origin_of
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.metadata import recorded_members
from pyfly.data.declared_mappings import DeclaredMapping, declared_by
from pyfly.data.mapper import unmapped
from pyfly.data.mapping_declarations import MappingConfig, MappingRecord
from pyfly.data.mapping_fields import is_closed, item_type, source_names, target_fields
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.nearest import nearest

Pair = tuple[type, type]


class MappingCheck(GraphCheck):
    """Reports required fields that nothing is mapped to, names of fields that do not exist, and pairs said twice."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per wrong field or declaration."""
        yield from _no_beans(container.overlooked)
        found: list[DeclaredMapping] = []
        for definition in container.definitions():
            for said in declared_by(definition):
                if isinstance(said, WiringError):
                    yield said
                else:
                    found.append(said)
        known: dict[Pair, DeclaredMapping] = {}
        for each in found:
            first = known.setdefault((each.source, each.target), each)
            # A class that inherits a mapping says the very same.
            if first is not each and (each.method or first.config is not each.config):
                yield _said_twice(first, each)
        for each in found:
            if not each.method:
                yield from _readable(each, known)


def _no_beans(overlooked: Iterable[type]) -> Iterator[WiringError]:
    for cls in overlooked:
        names = [name for name, _said in recorded_members(cls, MappingRecord)]
        if names and not cls.__subclasses__():
            yield Problem(
                Diagnosis(
                    f"{cls.__name__} ({origin_of(cls)}) has mappings, but it is no bean: nothing calls them.",
                    (f"Methods with @mapping: {', '.join(names)}.",),
                    (f"Put @component above class {cls.__name__}.",),
                )
            )


def _said_twice(first: DeclaredMapping, second: DeclaredMapping) -> WiringError:
    return Problem(
        Diagnosis(
            f"{first.source.__name__} is mapped to {first.target.__name__} more than once.",
            (f"{first.where} says how.", f"{second.where} says so too."),
            ("Keep one of them.",),
        )
    )


def _readable(said: DeclaredMapping, known: dict[Pair, DeclaredMapping]) -> Iterator[WiringError]:
    try:
        yield from _unknown(said)
        renamed = said.config.field_map.values() if is_closed(said.source) else ()
        for source, target, config in _with_nested(said, known):
            for name in unmapped(source, target, config):
                if target is said.target and name in renamed:
                    continue  # It has been told already that the source has no such field.
                yield _unmapped(said.where, source, target, name)
    except NameError as failure:
        yield Problem(
            Diagnosis(
                f"{said.where} cannot map {said.source.__name__} to {said.target.__name__}.",
                (f"An annotation of theirs cannot be evaluated: {failure}.",),
                ("Import what it names at run time, outside of TYPE_CHECKING.",),
            ),
            failure,
        )


def _unknown(said: DeclaredMapping) -> Iterator[WiringError]:
    """Yield a problem for each name of a field that does not exist."""
    targets = target_fields(said.target)
    named = {*said.config.field_map.values(), *said.config.transformers, *said.config.exclude}
    for name in sorted(named - targets.keys()):
        yield _no_field(said, said.target, name, targets)
    sources = source_names(said.source)
    if sources is not None and is_closed(said.source):
        for name in sorted(said.config.field_map.keys() - sources):
            yield _no_field(said, said.source, name, sources)


def _with_nested(
    said: DeclaredMapping, known: dict[Pair, DeclaredMapping]
) -> Iterator[tuple[type, type, MappingConfig]]:
    """Yield what is mapped: the pair itself, and those inside it about which nothing is said."""
    left: list[tuple[type, type, MappingConfig]] = [(said.source, said.target, said.config)]
    seen = {(said.source, said.target)}
    while left:
        source, target, config = left.pop()
        yield source, target, config
        new = {pair for pair in _inside(source, target, config) if pair not in seen and pair not in known}
        seen |= new
        left += [(*pair, MappingConfig()) for pair in sorted(new, key=str)]


def _inside(source: type, target: type, config: MappingConfig) -> Iterator[Pair]:
    renamed = {there: here for here, there in config.field_map.items()}
    here = target_fields(source)
    for name, field in target_fields(target).items():
        if name in config.exclude or name in config.transformers:
            continue
        wanted, found = item_type(field.hint), _item(here, renamed.get(name, name))
        if wanted[0] and found[0] and wanted[1] == found[1] and not issubclass(found[0], wanted[0]):
            yield found[0], wanted[0]


def _item(fields: dict[str, Any], name: str) -> tuple[type | None, bool]:
    return item_type(fields[name].hint) if name in fields else (None, False)


def _unmapped(where: str, source: type, target: type, name: str) -> WiringError:
    near = nearest(name, source_names(source) or ())
    remedies = (
        f"Did you mean '{near}'? Say so: field_map={{'{near}': '{name}'}}."
        if near
        else f"Name its source: field_map={{'...': '{name}'}}.",
        f"Or give {target.__name__}.{name} a default, or leave it out: exclude=('{name}',).",
    )
    return Problem(
        Diagnosis(
            f"{where}: {target.__name__}.{name} is required, and nothing in {source.__name__} is mapped to it.",
            (f"{source.__name__} ({origin_of(source)}) has: {_listed(source_names(source) or ())}.",),
            remedies,
        )
    )


def _no_field(said: DeclaredMapping, cls: type, name: str, known: Iterable[str]) -> WiringError:
    near = nearest(name, known)
    return Problem(
        Diagnosis(
            f"{said.where}: {cls.__name__} has no field '{name}'.",
            (f"{cls.__name__} ({origin_of(cls)}) has: {_listed(known)}.",),
            (f"Did you mean '{near}'?" if near else f"Name one of these instead of '{name}'.",),
        )
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(name for name in names if name[0] != "_")) or "no fields"
