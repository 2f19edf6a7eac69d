"""Copies objects of one class into objects of another: plans that are made once per pair of classes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from pyfly.data.mapping_declarations import MappingConfig, Transformer, mapping
from pyfly.data.mapping_fields import Field, is_closed, item_type, source_names, target_fields
from pyfly.kernel.nearest import nearest

__all__ = ["Mapper", "MappingConfig", "MappingError", "Transformer", "mapping", "unmapped"]

T = TypeVar("T")


class MappingError(Exception):
    """A mapping cannot work: a field of the target has no source, or one is named that does not exist."""


class _Step(NamedTuple):
    target: str
    parameter: str
    source: str
    convert: Transformer | None
    is_certain: bool


class _Plan(NamedTuple):
    steps: tuple[_Step, ...]
    convert: Transformer | None = None

    def values(self, source: object) -> dict[str, Any]:
        """Return the values of the target's fields."""
        if self.convert is not None:
            return _values_of(self.convert(source))
        return {step.target: value for step, value in self._read(source)}

    def arguments(self, source: object) -> dict[str, Any]:
        """Return what the target is made with."""
        return {step.parameter: value for step, value in self._read(source)}

    def _read(self, source: object) -> Iterator[tuple[_Step, Any]]:
        for step in self.steps:
            if not step.is_certain and not hasattr(source, step.source):
                continue
            value = getattr(source, step.source)
            yield step, value if step.convert is None else step.convert(value)


class Mapper:
    """Maps objects by the names of their fields.

    Nested objects, and lists of them, are mapped where the target says another class than what is there.
    Fields of the source that the target does not have are ignored, so that nothing is copied that was not declared.
    """

    def __init__(self, *, strict: bool = False) -> None:
        """Make a mapper without any rules.

        Args:
            strict: Refuse target fields without a source, whatever is said about the pair of classes.
        """
        self._strict = strict
        self._said: dict[tuple[type, type], MappingConfig] = {}
        self._converters: dict[tuple[type, type], Transformer] = {}
        self._plans: dict[tuple[type, type], _Plan] = {}

    def add_mapping(
        self,
        source_type: type,
        dest_type: type,
        *,
        field_map: Mapping[str, str] | None = None,
        transformers: Mapping[str, Transformer] | None = None,
        exclude: Iterable[str] | None = None,
        strict: bool | None = None,
    ) -> None:
        """Say how objects of *source_type* become objects of *dest_type*.

        Args:
            source_type: The exact class of the source.
            dest_type: The class of the target.
            field_map: Source field to target field, where their names differ.
            transformers: Target field to what is done to its value.
            exclude: Target fields that are left to their defaults.
            strict: Refuse a target field that has no source and no default.

        Raises:
            MappingError: A field is named that does not exist, or, if strict, one has no source.
        """
        pair = (source_type, dest_type)
        self._said[pair] = MappingConfig(
            dict(field_map or {}),
            dict(transformers or {}),
            frozenset(exclude or ()),
            self._strict if strict is None else strict,
        )
        self._plans.clear()
        fields = target_fields(dest_type)
        _check_names(
            dest_type, fields, {*(field_map or {}).values(), *(transformers or {}), *(exclude or ())}
        )
        if self._said[pair].strict:
            self._plan(*pair)

    def add_converter(self, source_type: type, dest_type: type[T], convert: Callable[[Any], T]) -> None:
        """Let *convert* make each *dest_type* of a *source_type*, also where one is inside another object."""
        self._converters[source_type, dest_type] = convert
        self._plans.clear()

    def map(self, source: object, dest_type: type[T]) -> T:
        """Return a new *dest_type* with the values of *source*.

        Raises:
            TypeError: A field that the target requires has no source.
            MappingError: The same, if strict.
        """
        plan = self._planned(type(source), dest_type)
        made: T = dest_type(**plan.arguments(source)) if plan.convert is None else plan.convert(source)
        return made

    def map_list(self, sources: Iterable[object], dest_type: type[T]) -> list[T]:
        """Return a new *dest_type* for each of *sources*."""
        return [self.map(source, dest_type) for source in sources]

    def update(self, source: object, target: T) -> T:
        """Give *target* the values of *source* in the fields that both have, and return it.

        What identifies a stored entity is left alone: its primary key and its version.
        """
        fields = target_fields(type(target))
        values = self._planned(type(source), type(target)).values(source)
        for name, value in values.items():
            if not fields[name].is_identity:
                setattr(target, name, value)
        return target

    def _planned(self, source_type: type, dest_type: type) -> _Plan:
        plan = self._plans.get((source_type, dest_type))
        return self._plan(source_type, dest_type) if plan is None else plan

    def _plan(self, source_type: type, dest_type: type) -> _Plan:
        if (convert := self._converters.get((source_type, dest_type))) is not None:
            plan = self._plans[source_type, dest_type] = _Plan((), convert)
            return plan
        said = self._said.get((source_type, dest_type), MappingConfig(strict=self._strict))
        if said.strict and (lacking := unmapped(source_type, dest_type, said)):
            raise _unmapped(source_type, dest_type, lacking[0])
        renamed = {target: source for source, target in said.field_map.items()}
        known = source_names(source_type)
        is_exact = known is not None and is_closed(source_type)
        steps = []
        for name, field in target_fields(dest_type).items():
            if name in said.exclude:
                continue
            source = renamed.get(name, name)
            if known is None or source in known or not is_exact:
                steps.append(
                    _Step(
                        name, field.parameter or name, source, self._conversion(name, field, said), is_exact
                    )
                )
        plan = self._plans[source_type, dest_type] = _Plan(tuple(steps))
        return plan

    def _conversion(self, name: str, field: Field, said: MappingConfig) -> Transformer | None:
        if name in said.transformers:
            return said.transformers[name]
        inner, is_list = item_type(field.hint)
        if inner is None:
            return None
        return self._each(inner) if is_list else self._nested(inner)

    def _nested(self, inner: type) -> Transformer:
        def convert(value: Any) -> Any:
            return value if value is None or isinstance(value, inner) else self.map(value, inner)

        return convert

    def _each(self, inner: type) -> Transformer:
        one = self._nested(inner)
        return lambda values: None if values is None else [one(value) for value in values]


def unmapped(source_type: type, dest_type: type, said: MappingConfig) -> list[str]:
    """Return the required fields of *dest_type* that nothing in *source_type* is mapped to."""
    known = source_names(source_type)
    if known is None:
        return []
    renamed = {target: source for source, target in said.field_map.items()}
    return [
        name
        for name, field in target_fields(dest_type).items()
        if field.is_required and name not in said.exclude and renamed.get(name, name) not in known
    ]


def _values_of(made: object) -> dict[str, Any]:
    """Return the fields of *made* that have been set."""
    own = getattr(made, "__dict__", None)
    names = target_fields(type(made))
    return {
        name: getattr(made, name) for name in names if (hasattr(made, name) if own is None else name in own)
    }


def _check_names(dest_type: type, fields: Mapping[str, Field], names: Iterable[str]) -> None:
    for name in names:
        if name not in fields:
            near = nearest(name, tuple(fields))
            hint = f"; did you mean '{near}'?" if near else ""
            raise MappingError(f"{dest_type.__name__} has no field '{name}'{hint}")


def _unmapped(source_type: type, dest_type: type, name: str) -> MappingError:
    near = nearest(name, source_names(source_type) or ())
    hint = f"; did you mean '{near}'?" if near else ""
    return MappingError(f"{dest_type.__name__}.{name} has no source in {source_type.__name__}{hint}")
