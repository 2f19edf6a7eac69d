"""Puts many new entities into a session, and lets databases number many of them at once."""

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import Engine, __version__
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.compiler import InsertmanyvaluesSentinelOpts

from pyfly.data.relational.sqlalchemy.mapping import EntityMapping

_IS_KNOWN: Final = __version__.startswith(("2.0.", "2.1."))


def add_new(session: Session, mapping: EntityMapping[Any], entities: Sequence[Any]) -> None:
    """Do what ``Session.add_all`` does for new *entities* of *mapping*.

    It would look for entities that each of them refers to, in vain where there are no relationships.
    """
    if len(mapping.mapper.relationships) or not _IS_KNOWN:
        session.add_all(entities)
        return
    save = cast("Any", session)._save_impl  # noqa: SLF001  # what add_all does, without the search
    for entity in entities:
        save(instance_state(entity))


def number_together(engine: Engine) -> None:
    """Let *engine*, of SQLite, tell the generated keys of many rows that one statement inserts.

    SQLAlchemy inserts them one by one there, because SQLite does not promise in which order it tells keys. It does
    promise that each is one more than the largest there is, so in order they are those of the rows.
    """
    # https://www.sqlite.org/autoinc.html
    engine.dialect.insertmanyvalues_implicit_sentinel = InsertmanyvaluesSentinelOpts.AUTOINCREMENT
