"""Opening a document database by hand, without an application."""

from collections.abc import Sequence
from typing import Any

from beanie import Document, init_beanie
from pymongo import AsyncMongoClient

from pyfly.data.document.mongodb.codecs import CODECS


async def initialize_beanie(
    uri: str, database: str, document_models: Sequence[type[Document]]
) -> "AsyncMongoClient[dict[str, Any]]":
    """Connect to *database*, tell Beanie the *document_models* and return PyMongo's async client.

    For scripts and tests. The caller closes the client. Applications set ``pyfly.data.document.uri`` instead.

    Raises:
        PyMongoError: The database does not answer.
    """
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        uri,
        tz_aware=True,
        tzinfo=CODECS.tzinfo,
        uuidRepresentation="standard",
        type_registry=CODECS.type_registry,
    )
    try:
        await init_beanie(database=client[database], document_models=list(document_models))
    except BaseException:
        await client.close()
        raise
    return client
