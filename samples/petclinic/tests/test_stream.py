"""The stream of new visits over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from conftest import VISIT, Create

Event = dict[str, Any]


def test_who_listens_hears_of_a_new_visit(api: httpx.Client, new_pet: Create, new_visit: Create) -> None:
    pet = new_pet()["id"]
    with api.stream("GET", "stream/visits") as response:
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == "text/event-stream"
        visit = new_visit(pet)
        event = next(_events(response))

    assert event == {"event": "visit", "id": str(visit["id"]), "data": visit}


def test_who_comes_back_hears_of_what_was_missed(api: httpx.Client, new_visit: Create) -> None:
    last, missed = new_visit(), new_visit()
    with api.stream("GET", "stream/visits", headers={"Last-Event-ID": str(last["id"])}) as response:
        events = _events(response)
        assert next(events)["data"] == missed
        added = new_visit()
        assert next(events)["data"] == added


def test_what_is_not_stored_is_not_told(api: httpx.Client, new_visit: Create) -> None:
    with api.stream("GET", "stream/visits") as response:
        assert api.post("visits", json=VISIT | {"petId": 4711}).status_code == 404
        assert api.post("visits", json={"petId": 1}).status_code == 400
        visit = new_visit()
        assert next(_events(response))["data"] == visit


def test_a_number_that_is_none_is_400(api: httpx.Client) -> None:
    response = api.get("stream/visits", headers={"Last-Event-ID": "yesterday"})

    assert response.status_code == 400
    assert [message["field"] for message in response.json()["schemaValidationErrors"]] == ["Last-Event-ID"]


def _events(response: httpx.Response) -> Iterator[Event]:
    event: Event = {}
    for line in response.iter_lines():
        name, _, value = line.partition(":")
        if name:
            event[name] = json.loads(value) if name == "data" else value.strip()
        elif event:
            yield event
            event = {}
