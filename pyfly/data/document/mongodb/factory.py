"""Builds the database that the configuration describes, with the documents that the program has."""

from collections.abc import Iterator
from typing import Any

from beanie import Document

from pyfly.container.container import Container
from pyfly.data.document.mongodb.database import MongoDatabase
from pyfly.data.document.mongodb.document import BaseDocument
from pyfly.data.document.mongodb.hooks import CommandHooks
from pyfly.data.document.mongodb.queries import document_of
from pyfly.data.document.mongodb.repository import MongoRepository
from pyfly.data.document.properties import DocumentProperties
from pyfly.data.hooks.calling import Hooks
from pyfly.data.ports.auditing import AuditorAware
from pyfly.data.relational.properties import DataProperties
from pyfly.kernel.clock import Clock


def database(properties: DocumentProperties, data: DataProperties, container: Container) -> MongoDatabase:
    """Return the database of *properties*, with the documents of the repositories and those that inherit the base."""

    def auditor() -> str | None:
        aware: AuditorAware = container.resolve(AuditorAware)  # type: ignore[type-abstract]
        return aware.current_auditor()

    clock: Clock | None = None
    if container.definitions_of(Clock):
        clock = container.resolve(Clock)  # type: ignore[type-abstract]
    return MongoDatabase(
        properties,
        list(dict.fromkeys(_documents(container))),
        listeners=_listeners(container),
        retry=data.retry,
        clock=clock,
        auditor=auditor if container.definitions_of(AuditorAware) else None,
    )


def _listeners(container: Container) -> list[CommandHooks]:
    found = (container.get(definition) for definition in container.definitions_of(Hooks))
    return [CommandHooks(hooks, MongoDatabase.name) for hooks in found if hooks]


def _documents(container: Container) -> Iterator[type[Document]]:
    for definition in container.definitions_of(MongoRepository):
        yield document_of(definition.type)
    yield from _below(BaseDocument)


def _below(base: Any) -> Iterator[type[Document]]:
    for cls in base.__subclasses__():
        yield cls
        yield from _below(cls)
