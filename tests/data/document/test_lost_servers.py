"""Servers that are not there, go away, or say no: what an application is told, and how it goes on."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from pyfly.actuator.indicators import indicators_of
from pyfly.container import BeanCreationException
from pyfly.core import PyFlyApplication
from pyfly.core.failure import failure_report
from pyfly.data import PoolExhaustedError
from pyfly.data.document import DocumentProperties
from pyfly.data.document.mongodb import MongoDatabase
from pyfly.data.transactions import DEFAULT_OPTIONS
from pyfly.kernel.exceptions import ServiceUnavailableException
from tests.data.document.applications import Build
from tests.data.document.gate import Gate
from tests.data.document.library.books import Author, Authors, Desk, Listening, Readers
from tests.data.document.library.shelter import Visit, Visits
from tests.servers.process import free_port

Call = Callable[[PyFlyApplication], Any]


# PyMongo leaves the socket of an attempt to connect open when it cancels it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


async def a_query(app: PyFlyApplication) -> None:
    await app.context.get_bean(Readers).count()


async def a_transaction(app: PyFlyApplication) -> None:
    await app.context.get_bean(Desk).fine("ann", 3)


async def a_plain_query(app: PyFlyApplication) -> None:
    await asyncio.to_thread(app.context.get_bean(Readers).sync.count)


async def a_plain_transaction(app: PyFlyApplication) -> None:
    await asyncio.to_thread(app.context.get_bean(Desk).fine_now, "ann")


@pytest.mark.parametrize("call", [a_query, a_transaction, a_plain_query, a_plain_transaction])
async def test_an_optional_database_is_missed_until_it_is_there(build: Build, gate: Gate, call: Call) -> None:
    async with build(uri=gate.url, connect_timeout="900ms", optional=True) as app:
        with pytest.raises(ServiceUnavailableException, match="not available"):
            await call(app)
        await gate.open()
        await call(app)
        assert await app.context.get_bean(Authors).count() == 0


async def test_all_who_wait_for_an_optional_database_share_one_attempt(build: Build, gate: Gate) -> None:
    async with build(uri=gate.url, connect_timeout="900ms", optional=True) as app:
        await gate.open()
        await asyncio.gather(*(a_query(app) for _ in range(8)))
        heard = [statement.sql for statement in app.context.get_bean(Listening).heard]
        assert heard.count("buildInfo") == 1


async def test_plain_code_on_the_event_loop_finds_the_database_at_the_next_call(
    build: Build, gate: Gate
) -> None:
    async with build(uri=gate.url, connect_timeout="900ms", optional=True) as app:
        await gate.open()
        readers, database = app.context.get_bean(Readers), app.context.get_bean(MongoDatabase)
        with pytest.raises(ServiceUnavailableException):
            readers.sync.count()
        await database.ensure_ready()
        assert await asyncio.to_thread(readers.sync.count) == 0


async def test_the_start_tells_why_the_database_does_not_answer(
    build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    uri = f"mongodb://user:s3cret@127.0.0.1:{port}/library"
    with pytest.raises(BeanCreationException) as raised:
        async with build(uri=uri, connect_timeout="200ms"):
            pass
    told = failure_report(raised.value)
    assert f"127.0.0.1:{port}: [Errno 111] Connect" in told
    assert "s3cret" not in told
    assert "Topology" not in told
    async with build(uri=uri, connect_timeout="200ms", optional=True) as app:
        health = dict(indicators_of(app.context.container))["mongodb"]
        assert "[Errno 111] Connect" in str((await health.health()).details)
    [warning] = [each for each in caplog.messages if "is optional" in each]
    assert "[Errno 111] Connect" in warning
    assert "s3cret" not in warning


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("mongodb://user:pa/s3cret@127.0.0.1/library", "non-digit characters"),
        ("mongodb://user:p@s3cret@127.0.0.1/library", "must be escaped"),
        ("mongodb://user:s3cret@127.0.0.1:99999/library", "Port must be an integer"),
        ("mongodb://user:s3cret@127.0.0.1/library?retryWrites", "options are key=value pairs"),
    ],
    ids=["slash", "at", "port", "option"],
)
@pytest.mark.parametrize("optional", [True, False])
async def test_an_address_that_cannot_be_used_is_explained(
    build: Build, uri: str, told: str, *, optional: bool
) -> None:
    with pytest.raises(BeanCreationException) as raised:
        async with build(uri=uri, optional=optional):
            pass
    report = failure_report(raised.value)
    assert told in report
    assert "pyfly.data.document.uri" in report
    assert "s3cret" not in report


async def test_sizes_of_the_pool_that_contradict_each_other_are_explained(
    build: Build, mongodb_url: str
) -> None:
    with pytest.raises(BeanCreationException) as raised:
        async with build(uri=mongodb_url, min_pool_size=5, max_pool_size=2):
            pass
    assert "minPoolSize must be smaller" in failure_report(raised.value)


@pytest.mark.parametrize("password", ["s3cret", "p@s3cret", "a/s3cret", "a:s3cret", "s3cret%40"])
def test_passwords_are_printed_nowhere(password: str) -> None:
    properties = DocumentProperties(uri=f"mongodb://user:{password}@one:27017,two:27017/library")
    database = MongoDatabase(properties)
    for printed in (repr(properties), str(properties), repr(database), database.address):
        assert "s3cret" not in printed
        assert "two:27017/library" in printed


async def test_a_server_that_is_stuck_is_noticed_within_the_limit(build: Build, gate: Gate) -> None:
    await gate.open()
    async with build(uri=gate.url, connect_timeout="200ms") as app:
        database = app.context.get_bean(MongoDatabase)
        assert await database.ping()
        gate.stall()
        async with asyncio.timeout(5):
            answer = await database.ping()
        assert not answer
        assert "timed out" in answer.reason
        gate.resume()


async def test_a_pool_that_is_used_up_tells_its_size_and_how_long_was_waited(
    build: Build, gate: Gate
) -> None:
    await gate.open()
    async with build(uri=gate.url, max_pool_size=1, acquire_timeout="50ms") as app:
        authors = app.context.get_bean(Authors)
        gate.stall()
        holder = asyncio.create_task(authors.count())
        await gate.kept(b"aggregate")
        with pytest.raises(PoolExhaustedError, match=r"within 0\.05 s") as raised:
            await authors.count()
        assert raised.value.__notes__ == ["All 1 connections are in use:"]
        gate.resume()
        assert await holder == 0


async def test_a_transaction_whose_connection_broke_is_attempted_again(build: Build, gate: Gate) -> None:
    await gate.open()
    async with build(uri=gate.url) as app:
        desk, readers = app.context.get_bean(Desk), app.context.get_bean(Readers)
        gate.cut_at(b"update")
        await desk.fine("ann", 3)
        assert [(reader.name, reader.fines) for reader in await readers.find_all()] == [("ann", 3)]
        assert desk.told == ["ann"]


async def test_so_is_what_a_repository_does_as_a_whole(build: Build, gate: Gate) -> None:
    await gate.open()
    async with build(uri=gate.url) as app:
        visits = app.context.get_bean(Visits)
        ids = [visit.id for visit in await visits.save_all([Visit(reason="flu"), Visit(reason="cold")])]
        gate.cut_at(b"update")
        await visits.delete_all([each for each in ids if each is not None])
        assert await visits.count() == 0


async def test_it_is_not_where_the_settings_allow_conflicts_alone(build: Build, gate: Gate) -> None:
    await gate.open()
    async with build(uri=gate.url, data={"retry": {"errors": ["conflict"]}}) as app:
        gate.cut_at(b"update")
        with pytest.raises(ServiceUnavailableException):
            await app.context.get_bean(Desk).fine("ann", 3)
        assert await app.context.get_bean(Readers).count() == 0


async def test_a_commit_that_may_have_arrived_is_not_attempted_again(build: Build, gate: Gate) -> None:
    await gate.open()
    async with build(uri=gate.url) as app:
        desk, readers = app.context.get_bean(Desk), app.context.get_bean(Readers)
        gate.cut_at(b"commitTransaction")
        await desk.fine("ann", 3)  # PyMongo sends a commit twice
        assert [reader.name for reader in await readers.find_all()] == ["ann"]


async def test_an_index_that_cannot_be_made_stops_the_start_with_its_reason(
    build: Build, mongodb_url: str
) -> None:
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        client.get_default_database()["authors"].insert_many([{"name": "Austen"}, {"name": "Austen"}])
    with pytest.raises(BeanCreationException) as raised:
        async with build(uri=mongodb_url):
            pass
    told = failure_report(raised.value)
    assert "refused the documents of the application" in told
    assert "duplicate key" in told
    assert "create-indexes" in told
    assert "Austen" not in told


async def test_a_failed_start_leaves_no_client(mongodb_url: str) -> None:
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        client.get_default_database()["authors"].insert_many([{"name": "Austen"}, {"name": "Austen"}])
    database = MongoDatabase(DocumentProperties(uri=mongodb_url), [Author])
    client_of_start = database.client
    with pytest.raises(Exception, match="refused"):
        await database.start()
    assert database.client is not client_of_start
    await database.stop()


async def test_both_clients_are_closed_even_if_one_cannot_be(
    mongodb_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise OSError("broken")

    database = MongoDatabase(DocumentProperties(uri=mongodb_url), [Author])
    await database.start()
    plain = database._sync.client
    close = database._async.close
    monkeypatch.setattr(database._async, "close", broken)
    with pytest.raises(OSError, match="broken"):
        await database.stop()
    assert database._sync.client is not plain
    monkeypatch.setattr(database._async, "close", close)
    await database.stop()


async def test_a_transaction_that_is_cancelled_as_it_begins_gives_its_session_back(
    mongodb_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = MongoDatabase(DocumentProperties(uri=mongodb_url), [Author])
    await database.start()
    sessions: list[Any] = []
    start = database.client.start_session

    def started(*args: Any, **kwargs: Any) -> Any:
        sessions.append(start(*args, **kwargs))
        return sessions[-1]

    monkeypatch.setattr(database.client, "start_session", started)
    cancelled = 0
    for steps in range(6):
        beginning = asyncio.create_task(database.transactions.begin(DEFAULT_OPTIONS))
        for _ in range(steps):
            await asyncio.sleep(0)
        beginning.cancel()
        [outcome] = await asyncio.gather(beginning, return_exceptions=True)
        if isinstance(outcome, asyncio.CancelledError):
            cancelled += bool(sessions)
            assert all(session.has_ended for session in sessions)
        else:
            await database.transactions.rollback(outcome)  # type: ignore[arg-type]
    assert cancelled
    await database.stop()
