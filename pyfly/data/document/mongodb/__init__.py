"""Documents in MongoDB: Beanie maps them, PyMongo's own async client carries them."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.document.mongodb.database import MongoDatabase as MongoDatabase
    from pyfly.data.document.mongodb.document import BaseDocument as BaseDocument
    from pyfly.data.document.mongodb.document import SoftDelete as SoftDelete
    from pyfly.data.document.mongodb.document import Versioned as Versioned
    from pyfly.data.document.mongodb.hand_queries import document_query as document_query
    from pyfly.data.document.mongodb.initializer import initialize_beanie as initialize_beanie
    from pyfly.data.document.mongodb.post_processor import (
        MongoRepositoryBeanPostProcessor as MongoRepositoryBeanPostProcessor,
    )
    from pyfly.data.document.mongodb.query_compiler import (
        MongoQueryMethodCompiler as MongoQueryMethodCompiler,
    )
    from pyfly.data.document.mongodb.repository import MongoRepository as MongoRepository
    from pyfly.data.document.mongodb.transaction_manager import (
        MongoTransactionManager as MongoTransactionManager,
    )
    from pyfly.data.document.mongodb.transactional import mongo_transactional as mongo_transactional

__all__ = [
    "BaseDocument",
    "MongoDatabase",
    "MongoQueryMethodCompiler",
    "MongoRepository",
    "MongoRepositoryBeanPostProcessor",
    "MongoTransactionManager",
    "SoftDelete",
    "Versioned",
    "document_query",
    "initialize_beanie",
    "mongo_transactional",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "BaseDocument": "pyfly.data.document.mongodb.document",
        "MongoDatabase": "pyfly.data.document.mongodb.database",
        "MongoQueryMethodCompiler": "pyfly.data.document.mongodb.query_compiler",
        "MongoRepository": "pyfly.data.document.mongodb.repository",
        "MongoRepositoryBeanPostProcessor": "pyfly.data.document.mongodb.post_processor",
        "MongoTransactionManager": "pyfly.data.document.mongodb.transaction_manager",
        "SoftDelete": "pyfly.data.document.mongodb.document",
        "Versioned": "pyfly.data.document.mongodb.document",
        "document_query": "pyfly.data.document.mongodb.hand_queries",
        "initialize_beanie": "pyfly.data.document.mongodb.initializer",
        "mongo_transactional": "pyfly.data.document.mongodb.transactional",
    },
)
