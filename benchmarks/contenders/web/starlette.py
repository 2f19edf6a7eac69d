"""Starlette; the model is serialised by pydantic by hand."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks.contenders.web.model import item

DISTRIBUTIONS = ("starlette", "uvicorn")


def first_200() -> object:
    async def get_item(request: Request) -> Response:
        return JSONResponse(item(request.path_params["number"]))

    return Starlette(routes=[Route("/items/{number:int}", get_item)])


def first_200_model() -> object:
    from pydantic import BaseModel

    class Item(BaseModel):
        id: int
        name: str
        tags: list[str]

    async def get_item(request: Request) -> Response:
        answer = Item.model_validate(item(request.path_params["number"]))
        return Response(answer.model_dump_json(), media_type="application/json")

    return Starlette(routes=[Route("/items/{number:int}", get_item)])
