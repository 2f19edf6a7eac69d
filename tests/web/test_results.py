"""What handlers return, written in one pass from the annotation; and results that break their promise."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from pyfly.container import rest_controller
from pyfly.data import Page
from pyfly.data.page import Slice
from pyfly.web import Response, ResponseEntity, WebProperties, get_mapping
from pyfly.web.properties import ResponseValidation
from tests.web.support import client_of

T = TypeVar("T")


class Color(Enum):
    RED = "red"


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = Field(default=9, le=9)


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"


@dataclass
class Point:
    x: int
    label: str | None = None


class Row(TypedDict):
    id: int
    when: date


class Box(BaseModel, Generic[T]):
    content: T


WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ID = UUID(int=1)


@pytest.mark.parametrize(
    ("annotation", "result", "written"),
    [
        (Cat, Cat(), '{"kind":"cat","lives":9}'),
        (list[Cat], [Cat()], '[{"kind":"cat","lives":9}]'),
        (Cat | Dog, Dog(), '{"kind":"dog"}'),
        (Annotated[Cat | Dog, Field(discriminator="kind")], Cat(), '{"kind":"cat","lives":9}'),
        (list[Cat | Dog], [Dog(), Cat()], '[{"kind":"dog"},{"kind":"cat","lives":9}]'),
        (dict[str, Cat], {"a": Cat()}, '{"a":{"kind":"cat","lives":9}}'),
        (Point, Point(1), '{"x":1,"label":null}'),
        (tuple[Point, ...], (Point(1, "a"),), '[{"x":1,"label":"a"}]'),
        (Row, {"id": 1, "when": date(2026, 1, 2)}, '{"id":1,"when":"2026-01-02"}'),
        (Box[Point], Box[Point](content=Point(2)), '{"content":{"x":2,"label":null}}'),
        (datetime, WHEN, '"2026-01-02T03:04:05Z"'),
        (timedelta, timedelta(seconds=90), '"PT1M30S"'),
        (Decimal, Decimal("1.10"), '"1.10"'),
        (UUID, ID, '"00000000-0000-0000-0000-000000000001"'),
        (Color, Color.RED, '"red"'),
        (set[int], {1}, "[1]"),
        (str, "grün", '"grün"'),
        (int, 5, "5"),
        (bool | None, False, "false"),
        (
            dict[str, Any],
            {"at": WHEN, "id": ID, "n": Decimal(1)},
            '{"at":"2026-01-02T03:04:05Z","id":"00000000-0000-0000-0000-000000000001","n":"1"}',
        ),
        (Any, [Cat(), Point(1), Color.RED], '[{"kind":"cat","lives":9},{"x":1,"label":null},"red"]'),
        (
            Page[Cat],
            Page([Cat()], 11, 2, 5),
            '{"items":[{"kind":"cat","lives":9}],"total":11,"page":2,"size":5,"total_pages":3,"has_next":true,"has_previous":true}',
        ),
        (
            Slice[int],
            Slice([1], 1, 5, True),
            '{"items":[1],"page":1,"size":5,"has_next":true,"has_previous":false}',
        ),
    ],
    ids=str,
)
async def test_a_result_is_written_as_its_annotation_says(annotation: Any, result: Any, written: str) -> None:
    async with client_of(controller(annotation, lambda: result)) as client:
        response = await client.get("/x")
        assert (response.status_code, response.text) == (200, written)
        assert response.headers["content-type"] == "application/json"


def controller(annotation: Any, make: Callable[[], Any]) -> type:
    async def handler(self: object) -> Any:
        return make()

    handler.__annotations__["return"] = annotation
    handler.__qualname__ = "Returning.handler"
    cls = type("Returning", (), {"handler": get_mapping("/x")(handler), "__module__": __name__})
    return rest_controller(cls)


async def test_bytes_and_responses_are_sent_as_they_are() -> None:
    async with client_of(controller(bytes, lambda: b"raw")) as client:
        assert (await client.get("/x")).content == b"raw"
    async with client_of(controller(Response, lambda: Response("hi", 418))) as client:
        assert (await client.get("/x")).status_code == 418


async def test_an_entity_says_where_the_new_thing_is() -> None:
    async with client_of(
        controller(ResponseEntity[Cat], lambda: ResponseEntity.created("/cats/1", Cat()))
    ) as client:
        response = await client.get("/x")
        assert (response.status_code, response.headers["location"]) == (201, "/cats/1")
        assert response.json() == {"kind": "cat", "lives": 9}


def spoiled() -> Cat:
    cat = Cat()
    cat.lives = 10
    return cat


def validating(how: str, sample: int = 100) -> WebProperties:
    return WebProperties(response_validation=ResponseValidation(how), response_sample=sample)


@pytest.mark.parametrize(
    ("annotation", "make"),
    [
        (Cat, spoiled),
        (list[Cat], lambda: [Cat(), spoiled()]),
        (ResponseEntity[Cat], lambda: ResponseEntity(spoiled())),
        (Annotated[int, Field(le=5)], lambda: 6),
    ],
    ids=["model", "list", "entity", "number"],
)
async def test_a_strict_application_sends_nothing_that_breaks_its_promise(
    annotation: Any, make: Callable[[], Any]
) -> None:
    cls = controller(annotation, make)
    async with client_of(cls, properties=validating("strict")) as client:
        response = await client.get("/x")
        assert response.status_code == 500
        assert "lives" not in response.text
    async with client_of(cls) as client:
        assert (await client.get("/x")).status_code == 200


@pytest.mark.parametrize(
    ("annotation", "make"),
    [
        (Cat, Cat),
        (Cat, lambda: {"lives": 1}),
        (Cat, lambda: ResponseEntity(Cat(), 202)),
        (Cat | None, lambda: None),
        (Page[Cat], lambda: Page([Cat()], 1, 1, 1)),
        (Row, lambda: {"id": 1, "when": date(2026, 1, 1)}),
        (Cat, lambda: Response("own")),
    ],
    ids=["model", "dictionary", "entity", "nothing", "page", "typed dict", "response"],
)
async def test_a_strict_application_sends_what_keeps_its_promise(
    annotation: Any, make: Callable[[], Any]
) -> None:
    async with client_of(controller(annotation, make), properties=validating("strict")) as client:
        assert (await client.get("/x")).is_success


async def test_an_application_that_samples_logs_what_it_finds(caplog: pytest.LogCaptureFixture) -> None:
    async with client_of(controller(Cat, spoiled), properties=validating("sampled", 3)) as client:
        with caplog.at_level(logging.WARNING, "pyfly.web"):
            for _ in range(6):
                assert (await client.get("/x")).json()["lives"] == 10
    found = [item.getMessage() for item in caplog.records if item.levelno == logging.WARNING]
    assert len(found) == 2
    assert found[0].startswith("GET /x: a handler returned Cat, which is no Cat: lives:")


class Lazy:
    """Has what a cat has, but not in its ``__dict__``."""

    @property
    def lives(self) -> int:
        return 7

    @property
    def kind(self) -> str:
        return "cat"


CAT = '{"kind":"cat","lives":7}'


@pytest.mark.parametrize(
    ("annotation", "result", "written"),
    [
        (Cat, Lazy(), CAT),
        (list[Cat], [Lazy(), Cat(lives=7)], f"[{CAT},{CAT}]"),
        (dict[str, Cat], {"a": Lazy()}, f'{{"a":{CAT}}}'),
        (tuple[int, Cat], (1, Lazy()), f"[1,{CAT}]"),
        (tuple[Cat, ...], (Lazy(),), f"[{CAT}]"),
        (list[list[Cat]], [[Lazy()], []], f"[[{CAT}],[]]"),
        (dict[str, list[Cat] | None], {"a": [Lazy()], "b": None}, f'{{"a":[{CAT}],"b":null}}'),
        (Cat | Dog, Lazy(), CAT),
    ],
    ids=["model", "list", "values", "position", "tuple", "lists", "optional lists", "union"],
)
async def test_no_attribute_is_lost_of_what_only_looks_like_the_model(
    annotation: Any, result: Any, written: str
) -> None:
    @rest_controller
    class Results:
        @get_mapping("/result")
        async def result(self) -> annotation:
            return result

    async with client_of(Results) as client:
        answer = await client.get("/result")
    assert (answer.status_code, answer.text) == (200, written)
