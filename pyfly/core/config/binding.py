"""Fills typed classes from configuration and reports every field that is wrong, not just the first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from typing import Any, Final, TypeVar, cast

from pyfly.core.config.coercion import coerce, expected, is_scalar
from pyfly.core.config.constraints import violated
from pyfly.core.config.declaration import prefix_of
from pyfly.core.config.errors import ConfigurationError, ConfigurationErrors
from pyfly.core.config.fields import (
    NO_DEFAULT,
    PropertyField,
    element_of,
    fields_of,
    is_model,
    is_section,
    mapping_of,
    optional_of,
    unwrap,
)
from pyfly.core.config.keys import canonical_key, canonical_segment, child, parse_key, resolve_synonym
from pyfly.core.config.masking import shown
from pyfly.core.config.tree import Items, Node, Tree
from pyfly.core.config.view import Found, View
from pyfly.kernel.record import Record, copy_with

T = TypeVar("T")
_UNSET: Final[Any] = NO_DEFAULT
_Entry = tuple[str, str, Found | None]


def bind_class(view: View, cls: type[T], prefix: str | None = None) -> T:
    """Return an instance of *cls* filled from its section.

    Raises:
        ValueError: The class has no prefix and none was given.
        ConfigurationErrors: Fields cannot be filled.
    """
    place = prefix_of(cls) if prefix is None else resolve_synonym(canonical_key(prefix))
    if place is None:
        raise ValueError(f"{cls.__name__} has no prefix; decorate it with @config_properties('...').")
    binder = _Binder(view)
    instance = binder.instance(cls, place, _UNSET)
    if binder.errors:
        raise ConfigurationErrors(binder.errors, owner=f"{cls.__name__} ({place})")
    return cast("T", instance)


def bind_key(view: View, key: str, wanted: Any, default: Any = None) -> Any:
    """Return the value of *key* as *wanted*, or *default* when it is not set.

    Raises:
        ConfigurationError: The value is not of that type; many problems come as ``ConfigurationErrors``.
    """
    binder = _Binder(view)
    inner, metadata = unwrap(wanted)
    value = binder.value(parse_key(key).canonical, inner, metadata)
    if len(binder.errors) == 1:
        raise binder.errors[0]
    if binder.errors:
        raise ConfigurationErrors(binder.errors)
    return default if value is _UNSET or value is None else value


class _Binder:
    """One binding: what is read from, and what has been found wrong so far."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.errors: list[ConfigurationError] = []

    def instance(self, cls: Any, prefix: str, default: Any) -> Any:
        """Return *cls* filled from *prefix*; fields that are not set come from *default* or the class."""
        before = len(self.errors)
        values: dict[str, Any] = {}
        for field in fields_of(cls):
            value = self._field(field, child(prefix, field.segment), default)
            if value is not _UNSET:
                values[field.name] = value
        if len(self.errors) > before:
            return _UNSET
        try:
            if default is not _UNSET and isinstance(default, cls):
                return _amended(default, values)
            return cls.model_validate(values) if is_model(cls) else cls(**values)
        except (ValueError, TypeError) as failure:
            self.errors.extend(self._rejected(failure, cls, prefix))
            return _UNSET

    def value(self, key: str, wanted: Any, metadata: tuple[Any, ...] = (), default: Any = _UNSET) -> Any:
        """Return what *key* is set to as *wanted*, or ``_UNSET``."""
        wanted = optional_of(wanted)
        before = len(self.errors)
        try:
            value = self._shaped(key, wanted, default)
        except ConfigurationError as failure:
            self.errors.append(failure)
            return _UNSET
        if value is _UNSET or len(self.errors) > before:
            return value
        return value if self._holds(key, value, metadata) else _UNSET

    def _field(self, field: PropertyField, key: str, owner: Any) -> Any:
        before = len(self.errors)
        given = getattr(owner, field.name, _UNSET) if owner is not _UNSET else _UNSET
        nested = is_section(optional_of(field.wanted))
        default = (field.default if given is _UNSET else given) if nested else _UNSET
        value = self.value(key, field.wanted, field.metadata, default)
        if value is _UNSET and len(self.errors) == before and given is _UNSET and field.required:
            self.errors.append(_missing(key, field.wanted))
        return value

    def _shaped(self, key: str, wanted: Any, default: Any) -> Any:
        if is_section(wanted):
            return self._section(key, wanted, default)
        if (pair := mapping_of(wanted)) is not None:
            return self._mapping(key, pair[0], pair[1])
        if (element := element_of(wanted)) is not None:
            return self._sequence(key, wanted, element)
        if wanted is Any or wanted is object or not is_scalar(wanted):
            value = self.view.value(parse_key(key))
            return _UNSET if value is None else self._converted(key, Found(value, self._origin(key)), wanted)
        return self._scalar(key, wanted)

    def _scalar(self, key: str, wanted: Any) -> Any:
        found = self.view.find(parse_key(key))
        if found is not None:
            return self._converted(key, found, wanted)
        value = self.view.value(parse_key(key))
        return (
            _UNSET if value in (None, {}) else self._converted(key, Found(value, self._origin(key)), wanted)
        )

    def _section(self, key: str, wanted: Any, default: Any) -> Any:
        if not self.view.holds(parse_key(key)) and default is not _UNSET:
            return _UNSET
        if not self.view.holds(parse_key(key)) and not _fillable(wanted):
            return _UNSET
        found = self.view.find(parse_key(key))
        if found is None and isinstance(self.view.node(parse_key(key)), Items):
            found = Found(self.view.value(parse_key(key)), self._origin(key))
        if found is not None:
            raise self._unusable(key, found, f"a section with the keys of {wanted.__name__}")
        return self.instance(wanted, key, default)

    def _sequence(self, key: str, wanted: Any, element: Any) -> Any:
        inner, metadata = unwrap(element)
        found = self.view.find(parse_key(key))
        size = self.view.size(parse_key(key))
        if found is not None and (size == 0 or self.view.variable(parse_key(key)) is not None):
            parts = self._parts(found.value)
            values = [self._converted(key, Found(part, found.origin), inner) for part in parts]
        elif size:
            values = [self.value(child(key, str(i)), inner, metadata) for i in range(size)]
        else:
            return self._empty(key, wanted)
        kept = [value for value in values if value is not _UNSET]
        return _collection(wanted)(kept)

    def _empty(self, key: str, wanted: Any) -> Any:
        node = self.view.node(parse_key(key))
        if isinstance(node, Tree) and node.nodes:
            raise self._unusable(
                key, Found(self.view.value(parse_key(key)), self._origin(key)), expected(wanted)
            )
        return _UNSET if node is None or getattr(node, "value", ()) is None else _collection(wanted)(())

    def _parts(self, value: Any) -> list[Any]:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",")] if value.strip() else []
        return list(value) if isinstance(value, list | tuple) else [value]

    def _mapping(self, key: str, key_type: Any, value_type: Any) -> Any:
        found = self.view.find(parse_key(key))
        if found is not None:
            raise self._unusable(key, found, "a section with keys and values")
        inner, metadata = unwrap(value_type)
        node = self.view.node(parse_key(key))
        entries = [*self._written(node, inner), *self._exported(key, inner)]
        result: dict[Any, Any] = {}
        for name, place, found in entries:
            inner_key = child(key, place)
            if found is not None and is_scalar(inner):
                value = self._converted(inner_key, found, inner)
            else:
                value = self.value(inner_key, inner, metadata)
            if value is not _UNSET:
                result[self._converted(key, Found(name, self._origin(key)), key_type)] = value
        return result if result or isinstance(node, Tree) else _UNSET

    def _written(self, node: Node | None, inner: Any) -> Iterator[_Entry]:
        if isinstance(node, Tree):
            flat = is_scalar(inner) and inner not in (Any, object)
            yield from ((name, place, None) for name, place in _spelled(node, flat=flat))

    def _exported(self, key: str, inner: Any) -> Iterator[_Entry]:
        seen: set[str] = set()
        for variable, found in self.view.extra_variables(parse_key(key)):
            name = _owner_name(variable, optional_of(inner))
            if name and name not in seen:
                seen.add(name)
                yield name, canonical_key(name), found

    def _converted(self, key: str, found: Found, wanted: Any) -> Any:
        try:
            return coerce(found.value, wanted)
        except ValueError as failure:
            self.errors.append(self._unusable(key, found, str(failure)))
            return _UNSET

    def _holds(self, key: str, value: Any, metadata: tuple[Any, ...]) -> bool:
        try:
            demand = violated(value, metadata)
        except TypeError:
            demand = None
        if demand is not None:
            self.errors.append(self._unusable(key, Found(value, self._origin(key)), demand))
        return demand is None

    def _unusable(self, key: str, found: Found, wanted: str) -> ConfigurationError:
        text = shown(key, found.value)
        return ConfigurationError(
            f"{key} is {text}, but should be {wanted}",
            key=key,
            origin=found.origin,
            expected=wanted,
            value=text,
        )

    def _rejected(self, failure: Exception, cls: type, prefix: str) -> Iterable[ConfigurationError]:
        details = getattr(failure, "errors", None)
        if details is None:
            yield ConfigurationError(
                f"{cls.__name__} refuses the settings of {prefix}: {failure}", key=prefix
            )
            return
        for item in details(include_url=False):
            key = ".".join([prefix, *(canonical_segment(str(part)) for part in item["loc"])])
            if item["type"] == "missing":
                yield _missing(key, None)
                continue
            origin = self._origin(key)
            problem = f"{key} is {shown(key, item.get('input'))}, which is refused: {item['msg']}"
            yield ConfigurationError(problem, key=key, origin=origin, expected=item["msg"])

    def _origin(self, key: str) -> str:
        return self.view.origin(parse_key(key))


def _missing(key: str, wanted: Any) -> ConfigurationError:
    text = expected(wanted) if wanted is not None else "a value"
    return ConfigurationError(
        f"{key} is required but not set",
        key=key,
        expected=text,
        fix=f"Set {key} in pyfly.yaml, or the environment variable {parse_key(key).variable}, to {text}.",
    )


def _amended(default: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(default, Record):
        return copy_with(default, **values)
    if is_dataclass(default) and not isinstance(default, type):
        return replace(default, **values)
    merged = {**{name: getattr(default, name) for name in default.model_fields_set}, **values}
    return type(default).model_validate(merged)


def _fillable(cls: Any) -> bool:
    return not any(field.required for field in fields_of(cls))


def _collection(wanted: Any) -> Any:
    origin = getattr(wanted, "__origin__", None) or wanted
    return origin if isinstance(origin, type) else list


def _spelled(node: Tree, *, flat: bool, name: str = "", key: str = "") -> Iterator[tuple[str, str]]:
    for segment, inner in node.nodes.items():
        spelled, inner_key = child(name, node.spellings[segment]), child(key, segment)
        if flat and isinstance(inner, Tree):
            yield from _spelled(inner, flat=True, name=spelled, key=inner_key)
        else:
            yield spelled, inner_key


def _owner_name(variable: str, inner: Any) -> str:
    """Return the part of *variable* that names an entry of a map; the rest belongs to its value."""
    if element_of(inner) is not None:
        head, _, position = variable.rpartition("_")
        return head if head and position.isdigit() else variable
    if not is_section(inner):
        return variable
    names = sorted((f.segment.replace("-", "_") for f in fields_of(inner)), key=len, reverse=True)
    for name in names:
        head, separator, tail = variable.partition(f"_{name}")
        if separator and head and (not tail or tail.startswith("_")):
            return head
    return ""
