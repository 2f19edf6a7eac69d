"""Derived queries of documents, compiled by hand."""

from collections.abc import Awaitable, Callable
from typing import Any

from pyfly.data.derivation.methods import resolve
from pyfly.data.derivation.shapes import SHAPE_OF_PREFIX, Shape
from pyfly.data.document.mongodb.managers import manager_of
from pyfly.data.document.mongodb.model import DocumentModel, model_of
from pyfly.data.document.mongodb.queries import MongoQuery
from pyfly.data.query_parser import ParsedQuery


class MongoQueryMethodCompiler:
    """Compiles derived queries to functions of a class of documents."""

    def compile(self, parsed: ParsedQuery, entity: type) -> Callable[..., Awaitable[Any]]:
        """Return ``async (model, *values)`` that answers *parsed*: list, count, bool or how many were removed.

        Raises:
            ValueError: The prefix is unknown.
            UnknownPropertyError: A property does not exist.
        """
        shape = SHAPE_OF_PREFIX.get(parsed.prefix)
        if shape is None:
            raise ValueError(f"Unknown prefix '{parsed.prefix}'")
        model: DocumentModel[Any] = model_of(entity)
        query = MongoQuery(model, resolve(parsed.name, model) if parsed.name else parsed, shape)

        async def run(document: Any, *values: Any) -> Any:
            manager = manager_of(document.get_pymongo_collection().database.client)
            return await (manager.write if shape is Shape.DELETE else manager.read)(query.run, values)

        return run
