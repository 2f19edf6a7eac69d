"""A server that stands alone has no transactions: what needs none works, and what does is refused with the reason."""

from collections.abc import AsyncIterator, Iterator

import pytest

from pyfly.data import IllegalTransactionStateError
from pyfly.data.document import DocumentProperties
from pyfly.data.document.mongodb import BaseDocument, MongoDatabase, MongoRepository
from tests.servers import mongodb
from tests.servers.supply import Supply


class Log(BaseDocument):
    line: str


class Logs(MongoRepository[Log, str]):
    """Lines of a log."""


@pytest.fixture(scope="module")
def lonely(mongodb_server: Supply) -> Iterator[str]:
    if mongodb_server.source == "env":
        pytest.skip("only servers of our own can be told to stand alone")
    with mongodb.ephemeral("--standalone") as url:
        yield f"{url}/lonely"


@pytest.fixture
async def logs(lonely: str) -> AsyncIterator[Logs]:
    database = MongoDatabase(DocumentProperties(uri=lonely), [Log])
    await database.start()
    logs = Logs()
    logs._transactions, logs._listeners, logs._hooks = database.transactions, (), None
    yield logs
    await database.stop()


async def test_single_documents_are_stored(logs: Logs) -> None:
    saved = await logs.save(Log(line="a"))
    saved.line = "b"
    await logs.save_all([saved])
    assert [log.line for log in await logs.find_all()] == ["b"]
    await logs.delete_all()


async def test_several_together_and_transactions_are_refused_with_the_reason(logs: Logs) -> None:
    with pytest.raises(IllegalTransactionStateError, match="replica sets have transactions"):
        await logs.save_all([Log(line="a"), Log(line="b")])
    with pytest.raises(IllegalTransactionStateError, match="--replSet"):
        async with logs._transactions.transaction():
            pass
    assert await logs.count() == 0
