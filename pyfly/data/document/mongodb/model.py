"""What is known about a class of documents: its properties, where they are stored, its id and its version."""

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Generic, TypeVar, Union, cast, get_args, get_origin

from beanie import Document, Link
from beanie.odm.utils.encoder import Encoder
from beanie.odm.utils.parsing import parse_obj
from bson import DBRef
from pydantic import BaseModel, TypeAdapter, ValidationError

from pyfly.data.comparable import comparable_with
from pyfly.data.derivation.paths import path_of
from pyfly.data.document.mongodb.document import SoftDelete, Versioned
from pyfly.data.exceptions import UnfitValueError, UnknownPropertyError
from pyfly.data.mapping_fields import item_type, target_fields

T = TypeVar("T", bound=Document)
Filter = dict[str, Any]

_REVISION = "revision_id"
_COLLECTIONS = (list, set, tuple, frozenset)


class DocumentModel(Generic[T]):
    """One class of documents.

    Attributes:
        model: The class.
        name: Its name.
        id_type: The type of its id.
        version: The property that counts changes, if there is one; ``revision_id`` is Beanie's.
        is_softly_deleted: Whether deleting only marks.
    """

    def __init__(self, model: type[T]) -> None:
        """Describe *model*; Beanie need not know it yet."""
        self.model = model
        self.name = model.__name__
        self.id_type = _only(hints_of(model)["id"])
        self.version = "version" if issubclass(model, Versioned) else None
        if self.version is None and getattr(model.Settings, "use_revision", False):
            self.version = _REVISION
        self.is_softly_deleted = issubclass(model, SoftDelete)
        self._adapters: dict[str, TypeAdapter[Any]] = {}
        self._keys: dict[str, str] = {}
        self._comparable: dict[str, tuple[type, ...]] = {}

    @property
    def collection(self) -> str:
        """The name of its collection."""
        return self.model.get_collection_name()

    def path(self, name: str) -> str | None:
        """Return the dotted path of the property written as *name*, if it exists."""
        return path_of(name, self.model, hints_of)

    def names(self) -> tuple[str, ...]:
        """Return what a query may mention."""
        return tuple(hints_of(self.model))

    def require(self, name: str) -> str:
        """Return the dotted path of the property written as *name*, with dots or without.

        Raises:
            UnknownPropertyError: There is none.
        """
        path = self.path(name.replace(".", "_"))
        if path is None:
            raise UnknownPropertyError(self.name, name, self.names())
        return path

    def key(self, path: str) -> str:
        """Return where the property at *path* is stored in a document."""
        known = self._keys.get(path)
        if known is None:
            known = self._keys[path] = _key(self.model, path)
        return known

    def hint(self, path: str) -> Any:
        """Return the type of the property at *path*; of a list, that of its items."""
        cls: Any = self.model
        hint: Any = None
        for name in path.split("."):
            hint = hints_of(cls)[name]
            cls, _is_list = item_type(hint)
        return hint

    def is_text(self, path: str) -> bool:
        """Return whether the property at *path* may be text, or a list of texts."""
        return _may_be_text(self.hint(path))

    def value(self, path: str, value: Any) -> Any:
        """Return *value* as it is stored, if it fits the property at *path*.

        Raises:
            UnfitValueError: It does not fit.
        """
        if value is None:
            return None
        if isinstance(value, Document) and linked_document(self.hint(path)) is not None:
            value = value.id
        if isinstance(value, Mapping):
            raise self._misfit(path)  # an operator, or what could be taken for one
        stored = self.stored(self._fitting(path, value))
        linked = linked_document(self.hint(path))
        return stored if linked is None else DBRef(linked.get_collection_name(), stored)

    def _fitting(self, path: str, value: Any) -> Any:
        accepted = self._accepted(path)
        if accepted and not isinstance(value, accepted):
            raise self._misfit(path)  # pydantic would convert some of them
        try:
            return self._adapter(path).validate_python(value)
        except ValidationError:
            if accepted:
                return value  # such as 0.5, which a whole number is greater or less than
            raise self._misfit(path) from None

    def _accepted(self, path: str) -> tuple[type, ...]:
        known = self._comparable.get(path)
        if known is None:
            known = self._comparable[path] = comparable_with(self.hint(path))
        return known

    def identity(self, value: object) -> Any:
        """Return *value* as an id is stored.

        Raises:
            UnfitValueError: It is no id of such a document.
        """
        return self.value("id", value)

    def identity_or_own(self, target: object) -> Any:
        """Return the id of a document, or *target* itself if it is an id."""
        return getattr(target, "id", None) if isinstance(target, self.model) else self.identity(target)

    def stored(self, value: Any) -> Any:
        """Return *value* as it is stored."""
        return Encoder(custom_encoders=self.model.get_settings().bson_encoders).encode(value)

    def parsed(self, raw: Mapping[str, Any]) -> T:
        """Return the document that was stored as *raw*."""
        return cast("T", parse_obj(self.model, raw))

    def scope(self) -> Filter:
        """Return the condition of being a document of this class, where a collection holds several classes."""
        own = self.model._class_id  # noqa: SLF001  # Beanie offers no other way to ask
        if own is None:
            return {}
        kinds = [own, *(self.model._children or {})]  # noqa: SLF001
        return {self.model.get_settings().class_id: {"$in": kinds}}

    def _misfit(self, path: str) -> UnfitValueError:
        return UnfitValueError(
            f"The value for '{path}' of {self.name} is not valid", "INVALID_VALUE", {"property": path}
        )

    def _adapter(self, path: str) -> TypeAdapter[Any]:
        known = self._adapters.get(path)
        if known is None:
            hint = self.hint(path)
            linked = linked_document(hint)
            items = [argument for kind in _arms(hint) for argument in _items(kind)]
            wanted: Any = Union[(hint, *items)]  # made at run time
            known = TypeAdapter(wanted if linked is None else _only(hints_of(linked)["id"]))
            self._adapters[path] = known
        return known


def model_of(model: type) -> DocumentModel[Any]:
    """Return what is known about the class of documents *model*."""
    return _model_of(cast("Any", model))


def hints_of(cls: type) -> dict[str, Any]:
    """Return the properties of a document, or of a model inside of one, and their types."""
    return _hints_of(cast("Any", cls))


@cache
def _model_of(model: Any) -> DocumentModel[Any]:
    return DocumentModel(model)


@cache
def _hints_of(cls: Any) -> dict[str, Any]:
    if isinstance(cls, type) and issubclass(cls, BaseModel):
        hidden = () if getattr(getattr(cls, "Settings", None), "use_revision", False) else (_REVISION,)
        return {name: field.annotation for name, field in cls.model_fields.items() if name not in hidden}
    return {name: field.hint for name, field in target_fields(cls).items()}


def linked_document(hint: Any) -> type[Document] | None:
    """Return the class of documents that a property of the type *hint* refers to, if it does."""
    linked = [get_args(arm)[0] for arm in _arms(hint) if get_origin(arm) is Link]
    return linked[0] if linked and isinstance(linked[0], type) else None


def _key(model: type, path: str) -> str:
    cls: Any = model
    keys = []
    for name in path.split("."):
        field = getattr(cls, "model_fields", {}).get(name)
        keys.append(field.alias if field is not None and field.alias else name)
        hint = hints_of(cls)[name]
        cls, _is_list = item_type(hint)
    return ".".join(keys)


def _arms(hint: Any) -> tuple[Any, ...]:
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(arm for arm in get_args(hint) if arm is not type(None))
    return (hint,)


def _only(hint: Any) -> Any:
    arms = _arms(hint)
    return arms[0] if len(arms) == 1 else hint


def _items(hint: Any) -> tuple[Any, ...]:
    if get_origin(hint) in _COLLECTIONS:
        return tuple(argument for argument in get_args(hint) if argument is not Ellipsis)
    return ()


def _may_be_text(hint: Any) -> bool:
    for arm in _arms(hint):
        if arm is Any or (isinstance(arm, type) and issubclass(arm, str)):
            return True
        if any(_may_be_text(item) for item in _items(arm)):
            return True
    return False
