"""B17: entities that handlers return are told of or refused, in every shape; what a model excludes stays inside."""

import dataclasses
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from pydantic import BaseModel, Field
from sqlalchemy import Column, Integer, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from typing_extensions import TypedDict

from pyfly.container import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.data import Cursor, Page, Slice
from pyfly.web import ResponseEntity, get_mapping
from tests.faults.conftest import Tally

# mypy: disable-error-code="valid-type, misc, operator"

SECRET = "x9-secret"
mapped = registry()


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Plain(Tables):
    """An entity that pydantic does not know."""

    __tablename__ = "plain"

    id: Mapped[int] = mapped_column(primary_key=True)
    password: Mapped[str]


@dataclass
class Known:
    """An entity that pydantic takes for a dataclass: it would be written with all that it has."""

    id: int
    password: str


mapped.map_imperatively(
    Known,
    Table("known", mapped.metadata, Column("id", Integer, primary_key=True), Column("password", String)),
)


class Shown(BaseModel):
    id: int
    password: str = Field(default=SECRET, exclude=True)


class ShownInside(BaseModel):
    first: Shown
    others: list[Shown] = []


def _typed(entity: Any) -> Any:
    return TypedDict("Typed", {"one": entity})


def _fields(**types: Any) -> Any:
    return dataclasses.make_dataclass("Holder", types.items())


def _model(entity: Any) -> Any:
    return type(
        "Model",
        (BaseModel,),
        {"__annotations__": {"one": entity}, "model_config": {"arbitrary_types_allowed": True}},
    )


SHAPES: dict[str, Callable[[Any], Any]] = {
    "itself": lambda t: t,
    "optional": lambda t: t | None,
    "annotated": lambda t: Annotated[t, "note"],
    "union": lambda t: t | Shown,
    "list": lambda t: list[t],
    "list of optional": lambda t: list[t | None],
    "tuple": lambda t: tuple[t, ...],
    "pair": lambda t: tuple[int, t],
    "dictionary": lambda t: dict[str, t],
    "dictionary of lists": lambda t: dict[str, list[t]],
    "list of dictionaries": lambda t: list[dict[str, t]],
    "list of lists": lambda t: list[list[t]],
    "page": lambda t: Page[t],
    "slice": lambda t: Slice[t],
    "cursor": lambda t: Cursor[t],
    "optional page": lambda t: Page[t] | None,
    "response": lambda t: ResponseEntity[t],
    "response of a list": lambda t: ResponseEntity[list[t]],
    "response of a page": lambda t: ResponseEntity[Page[t]],
    "dataclass": lambda t: _fields(one=t),
    "dataclass of lists": lambda t: _fields(many=list[t]),
    "dataclass in a dataclass": lambda t: _fields(inner=_fields(one=t)),
    "list of dataclasses": lambda t: list[_fields(one=t)],
    "typed dictionary": _typed,
    "model": _model,
}
OPEN: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "nothing said": (dataclasses.MISSING, lambda entity: entity),
    "anything": (Any, lambda entity: entity),
    "an object": (object, lambda entity: [entity]),
    "a list": (list, lambda entity: [entity]),
    "a list of anything": (list[Any], lambda entity: [1, entity]),
    "a dictionary": (dict, lambda entity: {"one": entity}),
    "a dictionary of anything": (dict[str, Any], lambda entity: {"one": [entity]}),
    "a response": (ResponseEntity, ResponseEntity.ok),
    "a page of anything": (Page[Any], lambda entity: Page([entity], 1, 20, 1)),
}
SAFE: dict[str, tuple[Any, Callable[[], Any]]] = {
    "itself": (Shown, lambda: Shown(id=1)),
    "list": (list[Shown], lambda: [Shown(id=1)]),
    "page": (Page[Shown], lambda: Page([Shown(id=1)], 1, 20, 1)),
    "slice": (Slice[Shown], lambda: Slice([Shown(id=1)], 1, 20, False)),
    "cursor": (Cursor[Shown], lambda: Cursor([Shown(id=1)], 20, None)),
    "dictionary": (dict[str, Shown], lambda: {"one": Shown(id=1)}),
    "response": (ResponseEntity[Shown], lambda: ResponseEntity.ok(Shown(id=1))),
    "response of a page": (
        ResponseEntity[Page[Shown]],
        lambda: ResponseEntity.ok(Page([Shown(id=1)], 1, 20, 1)),
    ),
    "inside": (ShownInside, lambda: ShownInside(first=Shown(id=1), others=[Shown(id=2)])),
    "list inside": (list[ShownInside], lambda: [ShownInside(first=Shown(id=1))]),
    "nothing said": (dataclasses.MISSING, lambda: [Shown(id=1)]),
    "an entity through a model": (Shown, lambda: Known(1, SECRET)),
    "entities through a model": (list[Shown], lambda: [Known(1, SECRET)]),
    "a page of entities through a model": (Page[Shown], lambda: Page([Known(1, SECRET)], 1, 20, 1)),
}


@pyfly_application(name="exposure")
class Application:
    """The application of these tests; each has controllers of its own."""


def application(folder: Path, annotation: Any, result: Callable[[], Any], policy: str) -> PyFlyApplication:
    async def found(self: Any) -> Any:
        return result()

    found.__annotations__ = {} if annotation is dataclasses.MISSING else {"return": annotation}
    cls = rest_controller(type("Answers", (), {"found": get_mapping("/found")(found)}))
    arguments = [f"--pyfly.web.binding.entity-results={policy}", "--pyfly.banner.mode=OFF"]
    app = PyFlyApplication(Application, folder, args=arguments)
    app.context.register_bean(cls)
    return app


async def answer_of(app: PyFlyApplication) -> httpx.Response:
    async with app:
        transport = httpx.ASGITransport(app.asgi(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/found")


@pytest.mark.parametrize("shape", sorted({*SHAPES} - {"model"}))  # it takes any class on trust
async def test_the_start_is_refused_for_entities_that_cannot_be_written(
    shape: str, tmp_path: Path, tally: Tally
) -> None:
    app = application(tmp_path, SHAPES[shape](Plain), lambda: None, "allow")
    with pytest.raises(Exception, match="every column of the entity Plain"):
        await app.startup()
    tally(1, 1)


@pytest.mark.parametrize("shape", SHAPES)
async def test_the_start_warns_of_entities_that_would_be_written(
    shape: str, tmp_path: Path, tally: Tally, caplog: pytest.LogCaptureFixture
) -> None:
    app = application(tmp_path, SHAPES[shape](Known), lambda: None, "warn")
    async with app:
        pass
    assert "every column of the entity Known" in caplog.text
    tally(1, 1)


@pytest.mark.parametrize("shape", SHAPES)
async def test_the_start_is_refused_for_entities_where_that_is_wanted(
    shape: str, tmp_path: Path, tally: Tally
) -> None:
    app = application(tmp_path, SHAPES[shape](Known), lambda: None, "refuse")
    with pytest.raises(Exception, match="returns an entity"):
        await app.startup()
    tally(1, 1)


@pytest.mark.parametrize("shape", OPEN)
async def test_results_that_nothing_is_said_about_are_looked_at(
    shape: str, tmp_path: Path, tally: Tally, caplog: pytest.LogCaptureFixture
) -> None:
    annotation, wrapped = OPEN[shape]
    refused = await answer_of(application(tmp_path, annotation, lambda: wrapped(Known(1, SECRET)), "refuse"))
    assert refused.status_code == 500
    assert SECRET not in refused.text
    caplog.clear()
    await answer_of(application(tmp_path, annotation, lambda: wrapped(Known(1, SECRET)), "warn"))
    assert "every column of the entity Known" in caplog.text
    tally(2, 2)


@pytest.mark.parametrize("shape", SAFE)
async def test_what_a_model_excludes_stays_inside(
    shape: str, tmp_path: Path, tally: Tally, caplog: pytest.LogCaptureFixture
) -> None:
    annotation, result = SAFE[shape]
    answer = await answer_of(application(tmp_path, annotation, result, "warn"))
    assert answer.status_code == 200
    assert '"id":1' in answer.text
    assert SECRET not in answer.text
    assert "password" not in answer.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    tally(1, 0)


async def test_streams_are_looked_at(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with application(tmp_path, AsyncIterator[Known], lambda: None, "warn"):
        pass
    assert "every column of the entity Known" in caplog.text
