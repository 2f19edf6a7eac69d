"""``Record``: a frozen value class that costs next to nothing to define.

A start defines over a hundred small record classes before the first line of the application runs, and a frozen,
slotted dataclass takes a third of a millisecond each: six functions are compiled for it and the class is made twice.
A record compiles its constructor alone, when it is first called, and shares the rest. For everybody who asks, it is a dataclass: ``fields()``,
``replace()`` and ``asdict()`` of the standard library, pydantic and type checkers (PEP 681) treat it as one.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, NamedTuple, TypeVar, dataclass_transform

__all__ = ["Attribute", "Record", "RecordType", "attribute", "attributes_of", "copy_with"]

T = TypeVar("T")
R = TypeVar("R", bound="Record")


class _Missing:
    """No default."""

    def __repr__(self) -> str:
        return "<missing>"


MISSING: Final[Any] = _Missing()


class Attribute(NamedTuple):
    """What is known about one field of a record."""

    name: str
    annotation: Any
    default: Any = MISSING
    factory: Callable[[], Any] | None = None
    metadata: dict[str, Any] = {}  # noqa: RUF012  # shared by all fields without metadata, and never written

    @property
    def required(self) -> bool:
        """Whether the constructor has to be given a value."""
        return self.default is MISSING and self.factory is None

    def initial(self) -> Any:
        """Return the default value, from the factory if there is one."""
        return self.default if self.factory is None else self.factory()


class _Said(NamedTuple):
    default: Any
    factory: Callable[[], Any] | None
    metadata: dict[str, Any]


def attribute(
    *,
    default: Any = MISSING,
    default_factory: Callable[[], Any] | None = None,
    metadata: dict[str, Any] | None = None,
) -> Any:
    """Declare a field with more than a default value, like :func:`dataclasses.field`.

    Args:
        default: The default value.
        default_factory: Makes the default of each new record.
        metadata: Whatever the reader of the record class wants to know.
    """
    return _Said(default, default_factory, metadata or {})


@dataclass_transform(frozen_default=True, field_specifiers=(attribute,))
class RecordType(type):
    """The type of record classes: makes fields of annotations, and the constructor."""

    __record_attributes__: dict[str, Attribute]

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        body: dict[str, Any],
        *,
        kw_only: bool = False,
        **options: Any,
    ) -> "RecordType":
        """Make the class; *kw_only* makes the constructor take its fields by name alone."""
        own = {
            field: _attribute(field, annotation, body.pop(field, MISSING))
            for field, annotation in body.get("__annotations__", {}).items()
            if not _is_class_variable(annotation)
        }
        body["__slots__"] = tuple(own)
        made = super().__new__(cls, name, bases, body, **options)
        inherited = {
            key: item
            for base in reversed(made.__mro__[1:])
            for key, item in base.__dict__.get("__record_attributes__", {}).items()
        }
        made.__record_attributes__ = {**inherited, **own}
        if made.__record_attributes__ and "__init__" not in body:
            made.__init__ = _when_first_called(made, kw_only=kw_only)  # type: ignore[misc]  # each record has its own
        if not kw_only:
            made.__match_args__ = tuple(made.__record_attributes__)  # type: ignore[misc, attr-defined]  # as dataclasses have
        return made

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> None:
        """Swallow the options of the class statement."""
        super().__init__(name, bases, body)

    @property
    def __dataclass_fields__(cls) -> dict[str, Any]:
        """The fields as the standard library describes them, made when somebody asks."""
        return _dataclass_fields(cls)


class Record(metaclass=RecordType):
    """A frozen value: fields from annotations, equality, hash and ``repr`` from their values.

    ``class Point(Record): x: int; y: int = 0`` gives what ``@dataclass(frozen=True, slots=True)`` gives, and
    ``class Point(Record, kw_only=True)`` what ``kw_only=True`` adds. ``__post_init__`` is called when there is one.
    """

    @property
    def __dataclass_fields__(self) -> dict[str, Any]:
        return _dataclass_fields(type(self))

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a record never changes.

        Raises:
            FrozenInstanceError: Always.
        """
        raise _frozen(f"cannot assign to {name!r}: {type(self).__name__} is a frozen record")

    def __delattr__(self, name: str) -> None:
        """Refuse: a record never changes.

        Raises:
            FrozenInstanceError: Always.
        """
        raise _frozen(f"cannot delete {name!r}: {type(self).__name__} is a frozen record")

    def __eq__(self, other: object) -> bool:
        """Compare the values of two records of the same class."""
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or all(
            mine == yours for mine, yours in zip(_values(self), _values(other), strict=True)
        )

    def __hash__(self) -> int:
        """Return a hash of the values."""
        return hash(tuple(_values(self)))

    def __repr__(self) -> str:
        """Return the class and its values, as they would be written."""
        names = type(self).__record_attributes__
        said = ", ".join(f"{name}={value!r}" for name, value in zip(names, _values(self), strict=True))
        return f"{type(self).__qualname__}({said})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by the values."""
        return _restore, (type(self), tuple(_values(self)))


def copy_with(record: R, **changes: Any) -> R:
    """Return a copy of *record* with some fields changed.

    Raises:
        TypeError: There is no such field.
    """
    names = type(record).__record_attributes__
    return type(record)(**dict(zip(names, _values(record), strict=True)) | changes)


def attributes_of(cls: RecordType) -> tuple[Attribute, ...]:
    """Return the fields of a record class, those of its bases first."""
    return tuple(cls.__record_attributes__.values())


def _values(record: Any) -> Iterator[Any]:
    for name in type(record).__record_attributes__:
        yield getattr(record, name)


def _restore(cls: type[R], values: tuple[Any, ...]) -> R:
    return cls(**dict(zip(cls.__record_attributes__, values, strict=True)))


def _attribute(name: str, annotation: Any, said: Any) -> Attribute:
    if isinstance(said, _Said):
        return Attribute(name, annotation, said.default, said.factory, said.metadata)
    return Attribute(name, annotation, said)


def _is_class_variable(annotation: Any) -> bool:
    if isinstance(annotation, str):
        return annotation.startswith(("ClassVar", "typing.ClassVar"))
    return annotation is ClassVar or getattr(annotation, "__origin__", None) is ClassVar


def _frozen(text: str) -> AttributeError:
    from dataclasses import FrozenInstanceError  # an AttributeError; costs time to import

    return FrozenInstanceError(text)


def _when_first_called(cls: Any, *, kw_only: bool) -> Callable[..., None]:
    """Return an ``__init__`` that compiles the real one: half the records of a start are never made."""

    def first_call(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _constructor(cls, kw_only=kw_only)
        cls.__init__(self, *values, **named)

    return first_call


def _constructor(cls: Any, *, kw_only: bool) -> Callable[..., None]:
    """Compile ``__init__``: it writes through the slots themselves, past the refusal to change."""
    names: dict[str, Any] = {"_missing": MISSING}
    parameters, lines = [], []
    for item in cls.__record_attributes__.values():
        name = item.name
        names[f"_set_{name}"] = getattr(cls, name).__set__
        if item.required:
            parameters.append(name)
        else:
            names[f"_default_{name}"] = MISSING if item.factory else item.default
            parameters.append(f"{name}=_default_{name}")
        value = name
        if item.factory is not None:
            names[f"_make_{name}"] = item.factory
            value = f"_make_{name}() if {name} is _missing else {name}"
        lines.append(f" _set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    star = "*, " if kw_only else ""
    exec(f"def __init__(self, {star}{', '.join(parameters)}):\n" + "\n".join(lines), names)  # noqa: S102  # our text
    made: Callable[..., None] = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    made.__annotations__ = {item.name: item.annotation for item in cls.__record_attributes__.values()} | {
        "return": None
    }
    return made


_described: dict[RecordType, dict[str, Any]] = {}


def _dataclass_fields(cls: RecordType) -> dict[str, Any]:
    known = _described.get(cls)
    if known is None:
        known = _described[cls] = _fields_from(cls)
    return known


def _fields_from(cls: RecordType) -> dict[str, Any]:
    import dataclasses  # costs more to import than all records to define

    specified = []
    for item in attributes_of(cls):
        options: dict[str, Any] = {"metadata": item.metadata, "kw_only": True}
        if item.factory is not None:
            options["default_factory"] = item.factory
        elif item.default is not MISSING:
            options["default"] = item.default
        specified.append((item.name, item.annotation, dataclasses.field(**options)))
    twin: Any = dataclasses.make_dataclass(cls.__name__, specified)
    return {item.name: item for item in dataclasses.fields(twin)}
