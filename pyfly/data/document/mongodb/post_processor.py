"""Implements the query methods of document repositories that were made by hand."""

from pyfly.data.document.mongodb.repository import MongoRepository
from pyfly.data.query_post_processor import QueryMethodPostProcessor


class MongoRepositoryBeanPostProcessor(QueryMethodPostProcessor):
    """Gives a repository object its query methods.

    Beans have them anyway; this is for objects such as ``ItemRepository(Item)`` in tests and scripts.
    """

    _repository = MongoRepository
