"""Idempotency keys in booted applications."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import product
from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from starlette.responses import JSONResponse

from pyfly.container import rest_controller, service
from pyfly.context.application_context import ApplicationContext
from pyfly.core.config.config import Config
from pyfly.kernel.exceptions import ConflictException, ServiceUnavailableException
from pyfly.testing import TestClock
from pyfly.web import ResponseEntity, UploadedFile, get_mapping, idempotent, post_mapping, request_mapping
from pyfly.web.idempotency import IdempotencyStore, InMemoryIdempotencyStore, Stored
from tests.web.booted import booted
from tests.web.served import eventually
from tests.web.support import client_for

KEY = {"idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
TTL = timedelta(seconds=10)


class Order(BaseModel):
    item: str


@service
class Ledger:
    def __init__(self) -> None:
        self.orders: list[str] = []
        self.release = asyncio.Event()


@rest_controller
@request_mapping("/orders")
class Orders:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @idempotent()
    @post_mapping(status_code=201)
    async def order(self, order: Order) -> ResponseEntity[int]:
        self.ledger.orders.append(order.item)
        if order.item == "taken":
            raise ConflictException("taken")
        if order.item == "slow":
            await self.ledger.release.wait()
        number = len(self.ledger.orders)
        return ResponseEntity.created(f"/orders/{number}", number)

    @post_mapping("/plain")
    async def plain(self) -> int:
        self.ledger.orders.append("plain")
        return len(self.ledger.orders)

    @idempotent(required=True)
    @post_mapping("/strict/{place}")
    async def strict(self, place: str) -> int:
        return await self.plain()

    @idempotent(enabled=False)
    @post_mapping("/never")
    async def never(self) -> int:
        return await self.plain()

    @get_mapping("/count")
    async def count(self) -> int:
        return len(self.ledger.orders)


@asynccontextmanager
async def client_of(*classes: type, **settings: Any) -> AsyncIterator[tuple[httpx.AsyncClient, Ledger]]:
    context = ApplicationContext(
        Config({f"pyfly.web.idempotency.{key}": value for key, value in settings.items()})
    )
    for cls in (Ledger, Orders, *classes):
        context.register_bean(cls)
    from pyfly.web import create_app

    async with context, client_for(create_app(context=context)) as client:
        yield client, context.get_bean(Ledger)


async def test_the_same_request_again_gets_the_stored_response() -> None:
    async with client_of() as (client, ledger):
        first = await client.post("/orders", json={"item": "tea"}, headers=KEY)
        again = await client.post(
            "/orders", json={"item": "tea"}, headers={"idempotency-key": f'"{KEY["idempotency-key"]}"'}
        )
        other = await client.post("/orders", json={"item": "tea"}, headers={"idempotency-key": "another"})
        without = await client.post("/orders", json={"item": "tea"})
    assert [first.status_code, first.json(), first.headers["location"]] == [201, 1, "/orders/1"]
    assert [again.status_code, again.json(), again.headers["location"]] == [201, 1, "/orders/1"]
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    assert again.headers.get_list("x-transaction-id") != first.headers.get_list("x-transaction-id")
    assert len(again.headers.get_list("x-transaction-id")) == 1
    assert (other.json(), without.json(), ledger.orders) == (2, 3, ["tea"] * 3)


async def test_the_same_key_with_another_body_is_refused() -> None:
    async with client_of() as (client, ledger):
        await client.post("/orders", json={"item": "tea"}, headers=KEY)
        refused = await client.post("/orders", json={"item": "rum"}, headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert ledger.orders == ["tea"]


async def test_a_used_key_is_422_whatever_the_status_of_invalid_bodies_is() -> None:
    async with booted(Ledger, Orders, errors__validation_status=400) as running:
        await running.client.post("/orders", json={"item": "tea"}, headers=KEY)
        refused = await running.client.post("/orders", json={"item": "rum"}, headers=KEY)
        invalid = await running.client.post("/orders", json={"wrong": 1}, headers={"idempotency-key": "b"})
        answers = (await running.document())["paths"]["/orders"]["post"]["responses"]
    assert (refused.status_code, refused.json()["code"], invalid.status_code) == (
        422,
        "IDEMPOTENCY_KEY_REUSED",
        400,
    )
    assert {"400", "422"} <= set(answers)


async def test_of_concurrent_requests_one_is_worked_on() -> None:
    async with client_of() as (client, ledger):
        first = asyncio.create_task(client.post("/orders", json={"item": "slow"}, headers=KEY))
        await eventually(lambda: ledger.orders)
        others = await asyncio.gather(
            *(client.post("/orders", json={"item": "slow"}, headers=KEY) for _ in range(9))
        )
        ledger.release.set()
        assert {(other.status_code, other.json()["code"]) for other in others} == {
            (409, "IDEMPOTENCY_IN_PROGRESS")
        }
        assert (await first).status_code == 201
        assert (await client.post("/orders", json={"item": "slow"}, headers=KEY)).json() == 1
    assert ledger.orders == ["slow"]


@pytest.mark.parametrize("body", [{"item": "taken"}, {"wrong": 1}], ids=str)
async def test_after_a_failure_the_key_may_be_used_again(body: dict[str, Any]) -> None:
    async with client_of() as (client, ledger):
        assert (await client.post("/orders", json=body, headers=KEY)).is_client_error
        assert (await client.post("/orders", json={"item": "tea"}, headers=KEY)).status_code == 201
    assert ledger.orders[-1] == "tea"


async def test_a_cancelled_request_gives_its_key_back() -> None:
    async with client_of() as (client, ledger):
        first = asyncio.create_task(client.post("/orders", json={"item": "slow"}, headers=KEY))
        await eventually(lambda: ledger.orders)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert (await client.post("/orders", json={"item": "tea"}, headers=KEY)).status_code == 201


async def test_a_key_belongs_to_who_sent_it_and_to_the_route_and_the_path() -> None:
    people = [
        {},
        {"authorization": "Bearer a"},
        {"authorization": "Bearer b"},
        {"cookie": "s=1"},
        {"cookie": "s=2"},
    ]
    paths = ["/orders/strict/a", "/orders/strict/b"]
    async with client_of(enabled=True) as (client, ledger):
        for person, number in product(people, range(2)):
            answers = [await client.post("/orders/plain", headers={**KEY, **person}) for _ in range(5)]
            assert {answer.status_code for answer in answers} == {200}, number
        assert len(ledger.orders) == len(people)
        statuses = [(await client.post(path, headers=KEY)).status_code for path in paths]
    assert statuses == [200, 422]


async def test_which_handlers_heed_keys_is_said_by_decorator_or_by_property() -> None:
    async def counted(path: str, **settings: Any) -> int:
        async with client_of(**settings) as (client, _):
            answers = [await client.post(path, headers=KEY) for _ in range(2)]
            return int(answers[-1].text)

    assert await counted("/orders/plain") == 2
    assert await counted("/orders/plain", enabled=True) == 1
    assert await counted("/orders/plain", enabled=True, methods=["PUT"]) == 2
    assert await counted("/orders/never", enabled=True) == 2
    assert await counted("/orders/strict/a") == 1


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ([], "IDEMPOTENCY_KEY_REQUIRED"),
        ([("idempotency-key", "")], "INVALID_IDEMPOTENCY_KEY"),
        ([("idempotency-key", "a b")], "INVALID_IDEMPOTENCY_KEY"),
        ([("idempotency-key", "x" * 256)], "INVALID_IDEMPOTENCY_KEY"),
        ([("idempotency-key", "a"), ("idempotency-key", "b")], "INVALID_IDEMPOTENCY_KEY"),
    ],
)
async def test_keys_that_cannot_be_used_are_refused(headers: list[tuple[str, str]], code: str) -> None:
    async with client_of() as (client, ledger):
        refused = await client.post("/orders/strict/a", headers=headers)
    assert (refused.status_code, refused.json()["code"], ledger.orders) == (400, code, [])


async def test_an_own_store_replaces_the_one_in_memory() -> None:
    @service
    class Own(InMemoryIdempotencyStore, IdempotencyStore):
        kept = 0

        def __init__(self) -> None:
            super().__init__()

        async def complete(self, key: str, stored: Stored, ttl: timedelta) -> None:
            Own.kept += 1
            await super().complete(key, stored, ttl)

    async with client_of(Own) as (client, _):
        await client.post("/orders", json={"item": "tea"}, headers=KEY)
    assert Own.kept == 1


async def test_responses_are_forgotten_in_time_and_when_there_are_too_many() -> None:
    clock = TestClock()
    store = InMemoryIdempotencyStore(3, clock)
    for key in "abc":
        assert await store.reserve(key, "f", TTL) is None
        await store.complete(key, Stored("f", (200, [], b"")), TTL)
    assert await store.reserve("d", "f", TTL) is None
    assert [await store.reserve(key, "f", TTL) is None for key in "bcd"] == [False, False, False]
    assert await store.reserve("a", "f", TTL) is None
    assert len(store) == 3
    clock.advance(11)
    assert await store.reserve("c", "g", TTL) is None
    assert len(store) == 1


async def test_responses_are_forgotten_when_they_are_too_large_together() -> None:
    store = InMemoryIdempotencyStore(100, TestClock(), max_size=10_000)
    assert await store.reserve("busy", "f", TTL) is None
    for key in "abc":
        assert await store.reserve(key, "f", TTL) is None
        await store.complete(key, Stored("f", (200, [(b"x-long", b"y" * 1000)], b"z" * 3000)), TTL)
    known = Stored("f", (200, [(b"x-long", b"y" * 1000)], b"z" * 3000))
    assert [await store.reserve(key, "f", TTL) for key in ["busy", "b", "c"]] == [Stored("f"), known, known]
    assert len(store) == 3
    await store.complete("huge", Stored("f", (200, [], b"z" * 20_000)), TTL)
    assert [await store.reserve(key, "f", TTL) is None for key in ["busy", "huge"]] == [False, False]
    assert len(store) == 2
    await store.release("huge")
    for key in "de":
        await store.complete(key, known, TTL)
    assert len(store) == 3


async def test_requests_that_are_being_worked_on_stay_however_little_space_there_is() -> None:
    store = InMemoryIdempotencyStore(100, TestClock(), max_size=1)
    await store.complete("a", Stored("f"), TTL)
    await store.complete("b", Stored("f"), TTL)
    assert [await store.reserve(key, "f", TTL) for key in "ab"] == [Stored("f"), Stored("f")]


async def test_the_space_for_responses_is_a_setting() -> None:
    async with client_of(**{"max-size": "600B"}) as (client, ledger):
        keys = [{"Idempotency-Key": key} for key in "aba"]
        answers = [await client.post("/orders", json={"item": "tea"}, headers=key) for key in keys]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len(ledger.orders) == 3


async def test_requests_that_are_being_worked_on_are_not_forgotten() -> None:
    store = InMemoryIdempotencyStore(2, TestClock())
    assert [await store.reserve(key, "f", TTL) for key in "ab"] == [None, None]
    with pytest.raises(ServiceUnavailableException):
        await store.reserve("c", "f", TTL)
    await store.release("a")
    await store.release("unknown")
    assert await store.reserve("c", "f", TTL) is None


@rest_controller
class Payments:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @idempotent()
    @post_mapping("/response")
    async def response(self) -> JSONResponse:
        self.ledger.orders.append("paid")
        return JSONResponse(len(self.ledger.orders))

    @idempotent()
    @post_mapping("/upload")
    async def upload(self, files: list[UploadedFile]) -> int:
        return sum([len(await file.read()) for file in files])

    @idempotent()
    @post_mapping("/stream")
    async def stream(self) -> AsyncIterator[int]:
        yield 1


async def test_response_objects_are_stored_and_streams_with_keys_are_sent() -> None:
    async with booted(Ledger, Payments) as app:
        client = app.client
        answers = [await client.post("/response", headers=KEY) for _ in range(2)]
        async with asyncio.timeout(10):
            streamed = await client.post("/stream", headers=KEY)
    assert [answer.json() for answer in answers] == [1, 1]
    assert streamed.json() == 1


async def test_work_that_is_done_is_told_and_not_done_again_although_its_response_cannot_be_stored(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Forgetful(InMemoryIdempotencyStore):
        async def complete(self, key: str, stored: Stored, ttl: timedelta) -> None:
            raise ConnectionError("gone")

    async with booted(Ledger, Payments, service(Forgetful)) as app:
        client = app.client
        answers = [await client.post("/response", headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert "could not be kept" in caplog.text


async def test_uploads_may_be_as_large_with_a_key_as_without() -> None:
    files = [("files", (f"{number}.txt", b"x" * 700_000)) for number in range(3)]
    async with booted(Ledger, Payments) as app:
        answers = [
            await app.client.post("/upload", files=files, headers=headers) for headers in ({}, KEY, KEY)
        ]
    assert [answer.json() for answer in answers] == [2_100_000] * 3
