"""The contract of stores on documents, asynchronously and synchronously, with what MongoDB cannot keep named."""

import os
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest
from beanie import Indexed

from pyfly.container import Container
from pyfly.container.interception import advised_class
from pyfly.data.document import DocumentProperties
from pyfly.data.document.mongodb import BaseDocument, MongoDatabase, MongoRepository, Versioned
from pyfly.data.exceptions import IllegalTransactionStateError
from pyfly.data.query_interceptor import QueryMethodInterceptor
from pyfly.data.transactions import Propagation, TransactionOptions
from pyfly.testing.stores import ConcurrencyContract, ItemQueries, Store, StoreContract, synchronous
from tests.servers import mongodb
from tests.servers.supply import Supply

EXEMPT = (
    # MongoDB has no savepoints: https://www.mongodb.com/docs/manual/core/transactions/
    "test_a_nested_part_rolls_back_alone",
    "test_a_nested_part_that_ends_well_stays_a_part_of_the_whole",
)
"""What the contract promises and documents cannot keep: at most a twentieth of it."""


class Item(BaseDocument):
    id: int | None = None  # type: ignore[assignment]
    name: Annotated[str, Indexed(unique=True)]
    price: int = 0
    note: str | None = None
    sold: bool = False

    class Settings:
        name = f"suite_items_{os.getpid()}"


class Ticket(Versioned, BaseDocument):
    id: int | None = None  # type: ignore[assignment]
    title: str

    class Settings:
        name = f"suite_tickets_{os.getpid()}"


class Items(ItemQueries, MongoRepository[Item, int]):
    pass


class Tickets(MongoRepository[Ticket, int]):
    pass


@pytest.fixture(scope="module")
def url(mongodb_server: Supply) -> Iterator[str]:
    with mongodb.database(mongodb_server.url) as url:
        yield url


@pytest.fixture
async def documents(url: str) -> AsyncIterator[Store]:
    database = MongoDatabase(DocumentProperties(uri=url), [Item, Ticket])
    await database.start()
    container = Container()
    container.register_instance(database.transactions)
    items = advised_class(Items, "items", [QueryMethodInterceptor()])
    container.register(items)
    container.register(Tickets)
    yield Store(container.resolve(items), container.resolve(Tickets), database.transactions, Item, Ticket)
    for model in (Item, Ticket):
        await model.get_pymongo_collection().delete_many({})
    await database.client.get_default_database()["pyfly_sequences"].delete_many({})
    await database.stop()


class _Exempt:
    """Leaves out what is exempt."""


for _name in EXEMPT:
    setattr(_Exempt, _name, None)


class TestDocuments(_Exempt, StoreContract, ConcurrencyContract):
    @pytest.fixture
    def store(self, documents: Store) -> Store:
        return documents

    async def test_a_nested_transaction_is_refused_with_the_reason(self, store: Store) -> None:
        nested = TransactionOptions(propagation=Propagation.NESTED)

        async def work() -> None:
            async with store.transactions.transaction(), store.transactions.transaction(nested):
                pass

        with pytest.raises(IllegalTransactionStateError, match="no savepoints"):
            await work()


class TestSynchronousDocuments(_Exempt, StoreContract):
    @pytest.fixture
    def store(self, documents: Store) -> Store:
        return synchronous(documents)


def test_at_most_a_twentieth_of_the_contract_is_exempt() -> None:
    promised: list[Any] = [
        name
        for contract in (StoreContract, ConcurrencyContract)
        for name in dir(contract)
        if name.startswith("test_")
    ]
    assert set(EXEMPT) <= set(promised)
    assert len(EXEMPT) <= len(promised) * 0.05
