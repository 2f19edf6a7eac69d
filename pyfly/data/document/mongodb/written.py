"""Documents on their way to the store: what is written of them, checked before anything is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from uuid import uuid4

import bson
from beanie import Document
from beanie.odm.actions import EventTypes
from beanie.odm.utils.dump import get_dict, get_top_level_nones
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from pydantic import TypeAdapter
from pymongo.common import MAX_BSON_SIZE

from pyfly.data.document.mongodb.codecs import CODECS
from pyfly.data.document.mongodb.document import BaseDocument
from pyfly.data.document.mongodb.model import DocumentModel, Filter, hints_of
from pyfly.data.exceptions import InvalidValueError

_CREATION: Final = ("created_at", "created_by")
# What encoders raise of values that have no place in BSON.
_UNFIT: Final = (BSONError, ArithmeticError, ValueError, TypeError)


class Pending(NamedTuple):
    """A document that is to be saved.

    Attributes:
        document: The document.
        is_new: Whether it is inserted.
        current: The version that is stored until then; ``None`` if the stored document has none.
    """

    document: Any
    is_new: bool
    current: Any = None

    @property
    def event(self) -> EventTypes:
        """What Beanie calls it."""
        return EventTypes.INSERT if self.is_new else EventTypes.SAVE


class Written(NamedTuple):
    """A document on its way to the store; it is told what it has become when it is there.

    Attributes:
        document: The document.
        is_new: Whether it is inserted.
        current: The version that is stored until then.
        identity: Its id.
        content: What is stored of it.
        version: Its version when it is there.
        creation: What is stored besides if it is created, which the document does not know by itself.
    """

    document: Any
    is_new: bool
    current: Any
    identity: Any
    content: dict[str, Any]
    version: Any
    creation: dict[str, Any]

    @property
    def key(self) -> Any:
        """Its id as it is stored."""
        return self.content["_id"]

    def change(self) -> Filter:
        """Return the update that makes a stored document this one, and keeps what was noted at its creation."""
        content = {name: v for name, v in self.content.items() if name != "_id" and name not in self.creation}
        change: Filter = {"$set": content}
        if self.creation:
            change["$setOnInsert"] = self.creation
        if not self.document.get_settings().keep_nulls:
            gone = get_top_level_nones(self.document, exclude={"_id", *self.creation})
            change |= {"$unset": dict.fromkeys(gone, "")} if gone else {}
        return change


def written(
    model: DocumentModel[Any], pending: Pending, identity: Any, codecs: "CodecOptions[Any]" = CODECS
) -> Written:
    """Return what is stored of a document.

    Raises:
        InvalidValueError: A value has no place in BSON.
    """
    document, version = pending.document, next_version(model, pending.current)
    with storable():
        content = get_dict(document, to_db=True, keep_nulls=document.get_settings().keep_nulls)
        content = {**content, "_id": model.stored(identity)}
        if model.version is not None:
            content[model.version] = model.stored(version)
        if len(bson.encode(content, codec_options=codecs)) > MAX_BSON_SIZE:
            raise ValueError(f"A document has at most {MAX_BSON_SIZE} bytes")
    creation = {} if pending.is_new else _creation(model, document)
    return Written(document, pending.is_new, pending.current, identity, content, version, creation)


def next_version(model: DocumentModel[Any], current: Any) -> Any:
    """Return the version after *current*, which is ``None`` if there is none yet."""
    if model.version is None:
        return None
    return (current or 0) + 1 if model.version == "version" else uuid4()


def hashed(key: Any) -> bytes:
    """Return something of *key*, an id as it is stored, that can be looked up: ids may be documents.

    Raises:
        InvalidValueError: It has no place in BSON.
    """
    with storable():
        return bson.encode({"_id": key}, codec_options=CODECS)


def created_as(model: DocumentModel[Any], document: Any, stored: dict[str, Any]) -> None:
    """Tell *document* what is *stored* of its creation."""
    for name in _CREATION:
        if model.key(name) in stored:
            reader: TypeAdapter[Any] = TypeAdapter(hints_of(model.model)[name])
            setattr(document, name, reader.validate_python(stored[model.key(name)]))


def is_known(document: Document) -> bool:
    """Return whether Beanie remembers that *document* was loaded or saved; it does so if the class wants it to."""
    return document.use_state_management() and document.get_saved_state() is not None


@contextmanager
def storable() -> Iterator[None]:
    """Explain what encoders raise in the block."""
    try:
        yield
    except _UNFIT as failure:
        raise InvalidValueError(
            "The document store cannot take one of the values", "INVALID_VALUE"
        ) from failure


def _creation(model: DocumentModel[Any], document: Any) -> dict[str, Any]:
    """Return what is noted if *document* is created by being saved; one that was stored before knows it."""
    if not isinstance(document, BaseDocument) or _was_stored(document):
        return {}
    auditor = document._current_auditor()  # noqa: SLF001  # it is the framework's own
    noted = dict(zip(_CREATION, (document.current_time(), auditor), strict=True))
    keeps_nulls = document.get_settings().keep_nulls
    return {model.key(name): model.stored(v) for name, v in noted.items() if keeps_nulls or v is not None}


def _was_stored(document: BaseDocument) -> bool:
    if document.use_state_management():
        return is_known(document)
    return "created_at" in document.model_fields_set
