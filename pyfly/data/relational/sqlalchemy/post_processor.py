"""Implements the query methods of repositories that were made by hand."""

from pyfly.data.query_post_processor import QueryMethodPostProcessor
from pyfly.data.relational.sqlalchemy.repository import Repository


class RepositoryBeanPostProcessor(QueryMethodPostProcessor):
    """Gives a repository object its query methods.

    Beans have them anyway; this is for objects such as ``ItemRepository(Item, session)`` in tests and scripts.
    """

    _repository = Repository
