"""How documents are stored: as new ones, as changed ones, alone or together."""

from collections.abc import Awaitable, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from beanie import Document
from beanie.odm.actions import ActionDirections, ActionRegistry, EventTypes
from beanie.odm.utils.dump import get_dict, get_top_level_nones
from beanie.odm.utils.parsing import merge_models
from beanie.odm.utils.pydantic import get_model_dump, parse_model
from bson import ObjectId
from pymongo import UpdateOne

from pyfly.data.document.mongodb.model import DocumentModel, Filter
from pyfly.data.document.mongodb.session import MongoSession
from pyfly.kernel.exceptions import ConcurrencyException


class Written(NamedTuple):
    """A document on its way to the store; it is told what it has become when it is there."""

    document: Any
    identity: Any
    content: dict[str, Any]
    version: Any


async def save(session: MongoSession, model: DocumentModel[Any], document: Any) -> Any:
    """Insert or update *document* and return it."""
    event = EventTypes.INSERT if document.id is None else EventTypes.SAVE
    await prepare(document, event)
    if document.id is None:
        [identity] = await identities(session, model, 1)
        written = _written(model, document, identity, _first_version(model))
        await _inserted(session, model, [written])
    elif model.version is None:
        written = _written(model, document, document.id, None)
        await session.done(_updated(session, model, written))
    else:
        written = await _versioned(session, model, document)
    _tell(model, written)
    await run_actions(document, event, ActionDirections.AFTER)
    return document


async def save_all(session: MongoSession, model: DocumentModel[Any], documents: Sequence[Any]) -> list[Any]:
    """Insert or update *documents*, all or none: new ones in one command, others in one more."""
    if len(documents) == 1:
        return [await save(session, model, documents[0])]
    new = [document for document in documents if document.id is None]
    known = [document for document in documents if document.id is not None]
    events = [EventTypes.INSERT if document.id is None else EventTypes.SAVE for document in documents]
    for document, event in zip(documents, events, strict=True):
        await prepare(document, event)
    numbers = await identities(session, model, len(new))
    async with session.together() as unit:
        written = await _many_updated(unit, model, known)
        first = [_written(model, d, i, _first_version(model)) for d, i in zip(new, numbers, strict=True)]
        await _inserted(unit, model, first)
    for each in [*written, *first]:
        _tell(model, each)
    for document, event in zip(documents, events, strict=True):
        await run_actions(document, event, ActionDirections.AFTER)
    return list(documents)


async def identities(session: MongoSession, model: DocumentModel[Any], count: int) -> Sequence[Any]:
    """Return *count* new ids of the type that documents of *model* have."""
    kind = model.id_type
    if isinstance(kind, type) and issubclass(kind, int):
        return await session.numbers(model, count) if count else ()
    if isinstance(kind, type) and issubclass(kind, UUID):
        return [uuid4() for _ in range(count)]
    made = [ObjectId() for _ in range(count)]
    return [str(each) for each in made] if kind is str else made


async def stored_version(session: MongoSession, model: DocumentModel[Any], identity: Any) -> Any:
    """Return which version is stored; ``None`` if there is no such document."""
    if model.version is None:
        return None
    found = await session.done(
        session.collection(model).find_one(
            {"_id": identity}, {model.version: 1}, session=session.client_session
        )
    )
    return None if found is None else found.get(model.version)


def stale(current: Any) -> ConcurrencyException:
    """Return the error for a document whose version is no longer the stored one."""
    return ConcurrencyException(
        "The data was changed or removed by someone else meanwhile",
        "STALE_DATA",
        {} if current is None else {"current_version": current},
    )


async def prepare(document: Document, event: EventTypes) -> None:
    """Run what Beanie's documents ask for before *event*, and check the document if they ask for that."""
    if document.get_settings().validate_on_save:
        merge_models(document, parse_model(type(document), get_model_dump(document)))
    await run_actions(document, event, ActionDirections.BEFORE)


async def run_actions(document: Document, event: EventTypes, direction: ActionDirections) -> None:
    """Run what *document* declares for *event*, one after the other."""
    for action in ActionRegistry.get_action_list(type(document), event, direction):
        result = action(document)
        if isinstance(result, Awaitable):
            await result


def _first_version(model: DocumentModel[Any]) -> Any:
    return _next_version(model, 0)


def _next_version(model: DocumentModel[Any], current: Any) -> Any:
    if model.version is None:
        return None
    return current + 1 if model.version == "version" else uuid4()


def _written(model: DocumentModel[Any], document: Any, identity: Any, version: Any) -> Written:
    content = get_dict(document, to_db=True, keep_nulls=document.get_settings().keep_nulls)
    content.pop("_id", None)
    stored_id = model.stored(identity)
    if model.version is not None:
        content[model.version] = model.stored(version)
    return Written(document, identity, {"_id": stored_id, **content}, version)


def _tell(model: DocumentModel[Any], written: Written) -> None:
    document = written.document
    document.id = written.identity
    if model.version is not None:
        setattr(document, model.version, written.version)
    if document.use_state_management():
        document._save_state()  # noqa: SLF001  # as Beanie does after saving


async def _inserted(session: MongoSession, model: DocumentModel[Any], written: list[Written]) -> None:
    collection, within = session.collection(model), {"session": session.client_session}
    if len(written) == 1:
        await session.done(collection.insert_one(written[0].content, **within))
    elif written:
        await session.done(collection.insert_many([each.content for each in written], **within))


def _updated(session: MongoSession, model: DocumentModel[Any], written: Written) -> Any:
    return session.collection(model).update_one(
        {"_id": written.content["_id"]}, _change(written), upsert=True, session=session.client_session
    )


def _change(written: Written) -> Filter:
    content = {name: value for name, value in written.content.items() if name != "_id"}
    change: Filter = {"$set": content}
    document = written.document
    is_sparse = not document.get_settings().keep_nulls
    if is_sparse and (gone := get_top_level_nones(document, exclude={"_id"})):
        change["$unset"] = dict.fromkeys(gone, "")
    return change


async def _versioned(session: MongoSession, model: DocumentModel[Any], document: Any) -> Written:
    current = getattr(document, str(model.version))
    identity = model.stored(document.id)
    if current is None:
        current = await stored_version(session, model, identity)
        if current is None:
            written = _written(model, document, document.id, _first_version(model))
            await _inserted(session, model, [written])
            return written
    written = _written(model, document, document.id, _next_version(model, current))
    found = await session.done(
        session.collection(model).update_one(
            {"_id": identity, str(model.version): model.stored(current)},
            _change(written),
            session=session.client_session,
        )
    )
    if found.matched_count == 0:
        raise stale(await stored_version(session, model, identity))
    return written


async def _many_updated(
    session: MongoSession, model: DocumentModel[Any], documents: list[Any]
) -> list[Written]:
    if model.version is not None:
        return [await _versioned(session, model, document) for document in documents]
    written = [_written(model, document, document.id, None) for document in documents]
    if written:
        changes = [UpdateOne({"_id": each.content["_id"]}, _change(each), upsert=True) for each in written]
        await session.done(session.collection(model).bulk_write(changes, session=session.client_session))
    return written
