"""How documents are stored: as new ones, as changed ones, alone or together."""

from collections.abc import Awaitable, Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from beanie import Document
from beanie.odm.actions import ActionDirections, ActionRegistry, EventTypes
from beanie.odm.utils.parsing import merge_models
from beanie.odm.utils.pydantic import get_model_dump, parse_model
from bson import ObjectId
from pymongo import UpdateOne

from pyfly.data.document.mongodb.model import DocumentModel
from pyfly.data.document.mongodb.session import MongoSession
from pyfly.data.document.mongodb.written import Pending, Written, created_as, hashed, is_known, written
from pyfly.kernel.exceptions import ConcurrencyException


async def save(session: MongoSession, model: DocumentModel[Any], document: Any) -> Any:
    """Insert or update *document* and return it."""
    return (await save_all(session, model, [document]))[0]


async def save_all(session: MongoSession, model: DocumentModel[Any], documents: Sequence[Any]) -> list[Any]:
    """Insert or update *documents*, all or none: new ones in one command, others in one more.

    Raises:
        InvalidValueError: A value has no place in BSON; nothing has been written.
    """
    pending = await _pending(session, model, documents)
    for each in pending:
        await prepare(each.document, each.event)
    ready = await _written(session, model, pending)
    if len(ready) == 1:
        await _store(session, model, ready)
    else:
        async with session.together() as unit:
            await _store(unit, model, ready)
    for stored in ready:
        _tell(model, stored)
    for each in pending:
        await run_actions(each.document, each.event, ActionDirections.AFTER)
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
    """Return which version is stored; ``None`` if there is none, or no such document."""
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


async def _pending(
    session: MongoSession, model: DocumentModel[Any], documents: Sequence[Any]
) -> list[Pending]:
    """Return which of *documents* are new. Where versions are counted, the store is asked about those of unknown origin."""
    version = model.version
    if version is None:
        return [Pending(document, document.id is None) for document in documents]
    unknown = [d for d in documents if d.id is not None and getattr(d, version) is None and not is_known(d)]
    keys = {id(document): model.stored(document.id) for document in unknown}
    stored = await _stored_versions(session, model, list(keys.values())) if keys else {}
    found = []
    for document in documents:
        is_new, current = document.id is None, getattr(document, version)
        if id(document) in keys:
            key = hashed(keys[id(document)])
            is_new, current = key not in stored, stored.get(key)
        found.append(Pending(document, is_new, None if is_new else current))
    return found


async def _stored_versions(
    session: MongoSession, model: DocumentModel[Any], keys: list[Any]
) -> dict[bytes, Any]:
    rows = await _rows(session, model, keys, (str(model.version),))
    return {hashed(row["_id"]): row.get(str(model.version)) for row in rows}


async def _rows(
    session: MongoSession, model: DocumentModel[Any], keys: list[Any], names: Iterable[str]
) -> list[dict[str, Any]]:
    cursor = session.collection(model).find(
        {"_id": {"$in": keys}}, dict.fromkeys(names, 1), session=session.client_session
    )
    return await session.rows(cursor)


async def _written(
    session: MongoSession, model: DocumentModel[Any], pending: Sequence[Pending]
) -> list[Written]:
    missing = sum(each.document.id is None for each in pending)
    given = iter(await identities(session, model, missing))
    codecs = session.collection(model).codec_options
    found = []
    for each in pending:
        identity = next(given) if each.document.id is None else each.document.id
        found.append(written(model, each, identity, codecs))
    return found


def _tell(model: DocumentModel[Any], ready: Written) -> None:
    document = ready.document
    document.id = ready.identity
    if model.version is not None:
        setattr(document, model.version, ready.version)
    if document.use_state_management():
        document._save_state()  # noqa: SLF001  # as Beanie does after saving


async def _store(session: MongoSession, model: DocumentModel[Any], ready: Sequence[Written]) -> None:
    changed = [each for each in ready if not each.is_new]
    if model.version is None and len(changed) > 1:
        await _change_all(session, model, changed)
    else:
        for each in changed:
            await _change(session, model, each)
    collection, within = session.collection(model), {"session": session.client_session}
    new = [each.content for each in ready if each.is_new]
    if len(new) == 1:
        await session.done(collection.insert_one(new[0], **within))
    elif new:
        await session.done(collection.insert_many(new, **within))


async def _change(session: MongoSession, model: DocumentModel[Any], ready: Written) -> None:
    passing, is_versioned = {"_id": ready.key}, model.version is not None
    if is_versioned:
        passing[str(model.version)] = model.stored(ready.current)
    collection = session.collection(model)
    options: Any = {"upsert": not is_versioned, "session": session.client_session}
    if ready.creation:
        names = dict.fromkeys(ready.creation, 1)
        stored = await session.done(
            collection.find_one_and_update(
                passing, ready.change(), projection=names, return_document=True, **options
            )
        )
        is_there = stored is not None
        created_as(model, ready.document, stored or {})
    else:
        done = await session.done(collection.update_one(passing, ready.change(), **options))
        is_there = not is_versioned or done.matched_count > 0
    if not is_there:
        raise stale(await stored_version(session, model, ready.key))


async def _change_all(session: MongoSession, model: DocumentModel[Any], changed: Sequence[Written]) -> None:
    changes = [UpdateOne({"_id": each.key}, each.change(), upsert=True) for each in changed]
    done = await session.done(session.collection(model).bulk_write(changes, session=session.client_session))
    there_before = []
    for place, each in enumerate(changed):
        if place in (done.upserted_ids or {}):
            created_as(model, each.document, each.creation)
        elif each.creation:
            there_before.append(each)
    if there_before:
        names = there_before[0].creation
        rows = await _rows(session, model, [each.key for each in there_before], names)
        stored = {hashed(row["_id"]): row for row in rows}
        for each in there_before:
            created_as(model, each.document, stored.get(hashed(each.key), {}))
