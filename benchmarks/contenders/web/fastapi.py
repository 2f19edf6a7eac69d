"""FastAPI."""

from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.contenders.web.model import item

DISTRIBUTIONS = ("fastapi", "starlette", "pydantic", "uvicorn")


class Item(BaseModel):
    id: int
    name: str
    tags: list[str]


def first_200() -> object:
    app = FastAPI()

    @app.get("/items/{number}")
    async def get_item(number: int) -> dict[str, object]:
        return item(number)

    return app


def first_200_model() -> object:
    app = FastAPI()

    @app.get("/items/{number}")
    async def get_item(number: int) -> Item:
        return Item.model_validate(item(number))

    return app
