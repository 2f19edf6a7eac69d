"""One model for several operations: what differs between create, update and patch is said in its fields.

``Annotated[Pet, Create]`` is the model as it is for creating, wherever pydantic reads annotations:
a request body, a parameter of a ``@validated`` method, a field of another model.
"""

from functools import lru_cache
from typing import Annotated, Any, ClassVar, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, PydanticUndefined

from pyfly.kernel.record import Record

Rejection = PydanticCustomError
_HIDDEN: Final[object] = SkipJsonSchema()  # type: ignore[type-arg]


class Group:
    """An operation that a model takes part in. Subclasses are operations of your own; they inherit what is said of their base."""

    is_partial: ClassVar[bool] = False
    """Whether every field may be left out; what was given is in ``model_fields_set``."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        group: Any = cls
        return handler.generate_schema(variant(source, group))


class Create(Group):
    """Something new is made."""


class Update(Group):
    """Something that exists is replaced."""


class Patch(Group):
    """Some fields of something that exists are changed; the others are left out."""

    is_partial = True


class OnlyIn:
    """The field belongs to these groups only. Elsewhere it is ignored, or refused if the model forbids extras."""

    __slots__ = ("groups",)

    def __init__(self, *groups: type[Group]) -> None:
        """Name the groups."""
        self.groups = groups


class RequiredIn:
    """The field must be given, and not be ``None``, in these groups, whatever its default."""

    __slots__ = ("groups",)

    def __init__(self, *groups: type[Group]) -> None:
        """Name the groups."""
        self.groups = groups


class When:
    """The constraints hold in one group only: ``Annotated[str, When(Create, MinLen(8))]``."""

    __slots__ = ("constraints", "groups")

    def __init__(self, group: type[Group], *constraints: Any) -> None:
        """Apply *constraints*, anything that may stand in ``Annotated``, in *group*."""
        self.groups = (group,)
        self.constraints = constraints


class _Rule(Record):
    """What one group makes of one field."""

    is_absent: bool
    is_required: bool
    is_optional: bool
    constraints: tuple[Any, ...]

    @property
    def changes(self) -> bool:
        return self.is_absent or self.is_required or self.is_optional or bool(self.constraints)


@lru_cache(maxsize=1024)
def variant(model: Any, group: Any) -> type[BaseModel]:
    """Return *model* as it is in *group*: a subclass, made once for each pair.

    Raises:
        TypeError: *model* is no pydantic model.
    """
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        shown = getattr(model, "__name__", str(model))
        raise TypeError(f"{group.__name__} applies to a pydantic model, not to {shown}")
    rules = {name: _rule(info, group) for name, info in model.model_fields.items()}
    absent = [name for name, rule in rules.items() if rule.is_absent]
    is_strict = model.model_config.get("extra") == "forbid"
    changed: dict[str, Any] = {
        name: _field(model.model_fields[name], rule, group) for name, rule in rules.items() if rule.changes
    }
    made: type[BaseModel] = create_model(
        f"{model.__name__}{group.__name__}",
        __base__=model,
        __module__=model.__module__,
        __doc__=model.__doc__,
        __validators__={"pyfly_group_input": _reader(model, () if is_strict else absent)},
        **changed,
    )
    return made


def _rule(info: FieldInfo, group: type[Group]) -> _Rule:
    said = info.metadata
    only = [mark for mark in said if isinstance(mark, OnlyIn)]
    required = any(isinstance(mark, RequiredIn) and _names(mark, group) for mark in said)
    return _Rule(
        is_absent=bool(only) and not any(_names(mark, group) for mark in only),
        is_required=required,
        is_optional=group.is_partial and not required,
        constraints=tuple(
            each
            for mark in said
            if isinstance(mark, When) and _names(mark, group)
            for each in mark.constraints
        ),
    )


def _names(mark: OnlyIn | RequiredIn | When, group: type[Group]) -> bool:
    return issubclass(group, mark.groups)


def _field(info: FieldInfo, rule: _Rule, group: type[Group]) -> tuple[Any, Any]:
    if rule.is_absent:
        refuse = BeforeValidator(_refuses(group))
        return Annotated[Any, _HIDDEN, refuse], _with_default(info, None)
    extra = [*info.metadata, *rule.constraints, *([AfterValidator(_not_none)] if rule.is_required else [])]
    annotation: Any = info.annotation
    for each in extra:
        annotation = Annotated[annotation, each]
    if rule.is_required:
        return annotation, _with_default(info, PydanticUndefined)
    return annotation, _with_default(info, None) if rule.is_optional else _as_it_was(info)


def _with_default(info: FieldInfo, default: Any) -> Any:
    return Field(default=default, **_described(info))


def _as_it_was(info: FieldInfo) -> Any:
    if info.default_factory is not None:
        return Field(default_factory=info.default_factory, **_described(info))
    return _with_default(info, info.default)


def _described(info: FieldInfo) -> dict[str, Any]:
    names = (
        "alias",
        "validation_alias",
        "serialization_alias",
        "title",
        "description",
        "examples",
        "exclude",
    )
    return {name: value for name in names if (value := getattr(info, name)) is not None}


def _refuses(group: type[Group]) -> Any:
    def refuse(_: Any) -> Any:
        raise Rejection("not_in_group", "Not allowed here", {"group": group.__name__})

    return refuse


def _not_none(value: Any) -> Any:
    if value is None:
        raise Rejection("missing", "Field required")
    return value


def _reader(model: type[BaseModel], absent: Any) -> Any:
    ignored = {key for name in absent for key in (name, wire_name(model, name))}

    def read(cls: type[BaseModel], data: Any) -> Any:
        if isinstance(data, model) and not isinstance(data, cls):
            data = {wire_name(model, name): getattr(data, name) for name in data.model_fields_set}
        if ignored and isinstance(data, dict):
            return {key: value for key, value in data.items() if key not in ignored}
        return data

    validator: Any = classmethod(read)
    return model_validator(mode="before")(validator)


def wire_name(model: type[BaseModel], name: str) -> str:
    """Return the name under which field *name* of *model* is read from input."""
    info = model.model_fields.get(name)
    alias = None if info is None else info.validation_alias or info.alias
    return alias if isinstance(alias, str) else name
