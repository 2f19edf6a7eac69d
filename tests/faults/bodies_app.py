"""Every way of taking a request's body."""

from typing import Any

from pydantic import BaseModel

from pyfly.container import rest_controller
from pyfly.web import Body, Form, Request, UploadedFile, get_mapping, post_mapping


class Tree(BaseModel):
    name: str = ""
    number: int = 0
    below: list[Any] = []


@rest_controller
class Bodies:
    @get_mapping("/hello")
    async def hello(self) -> str:
        return "hello"

    @post_mapping("/model")
    async def model(self, tree: Body[Tree]) -> str:
        return tree.name

    @post_mapping("/anything")
    async def anything(self, value: Body[dict[str, Any]]) -> int:
        return len(value)

    @post_mapping("/raw")
    async def raw(self, content: Body[bytes]) -> int:
        return len(content)

    @post_mapping("/text")
    async def text(self, content: Body[str]) -> int:
        return len(content)

    @post_mapping("/fields")
    async def fields(self, name: Form[str] = "") -> int:
        return len(name)

    @post_mapping("/upload")
    async def upload(self, document: UploadedFile, name: Form[str] = "") -> int:
        return document.size

    @post_mapping("/stream")
    async def stream(self, request: Request) -> int:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
        return size
