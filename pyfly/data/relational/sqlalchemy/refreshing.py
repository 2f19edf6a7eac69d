"""Keeps the loaded entities of a session true after a statement has changed rows behind its back."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pyfly.data.relational.sqlalchemy.mapping import EntityMapping
from pyfly.data.relational.sqlalchemy.selection import batches

_BATCH = 500


def refreshed(session: Session, mapping: EntityMapping[Any]) -> None:
    """Load the columns of every entity of *mapping* in *session* again; those that are gone leave it."""
    loaded = {
        mapping.identity_of(entity): entity
        for entity in session.identity_map.values()
        if isinstance(entity, mapping.model)
    }
    again = select(mapping.model).execution_options(populate_existing=True)
    for part in batches(list(loaded), _BATCH):
        for entity in session.scalars(again.where(mapping.identified(part))).unique():
            loaded.pop(mapping.identity_of(entity), None)
    for gone in loaded.values():
        session.expunge(gone)
