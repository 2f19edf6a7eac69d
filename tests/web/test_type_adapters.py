"""Types that need no model are read and written as pydantic does it, without pydantic."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional, TypeVar
from uuid import UUID

import pytest
from annotated_types import Ge
from pydantic import BaseModel, TypeAdapter

from pyfly.web.type_adapters import UnusableTypeError, adapter_of, is_model_class

PLAIN: list[Any] = [
    *(bool, int, float, str, bytes, date, datetime, time, timedelta, UUID, Any, object, None),
    *(int | None, None | str, Optional[UUID], Optional[Any]),  # noqa: UP045  # both notations
    *(list[int], list[dict[str, Any]], dict[str, object], dict[str, list[float] | None], dict[int, bytes]),
]


class Model(BaseModel):
    number: int


@dataclass
class Data:
    number: int


Unbound = TypeVar("Unbound")
OTHER: list[Any] = [
    *(Model, Data, list[Model], dict[str, Model], Model | None, Decimal, int | str, int | str | None),
    *(Annotated[int, Ge(1)], list[Annotated[int, Ge(1)]], Literal["a"], tuple[int, ...], set[int]),
    *(list, dict, list[Unbound], Unbound),  # type: ignore[valid-type]
]


@pytest.mark.parametrize("annotation", [*PLAIN, *OTHER], ids=str)
def test_the_schema_is_that_of_pydantic(annotation: Any) -> None:
    expected: TypeAdapter[Any] = TypeAdapter(annotation)
    assert adapter_of(annotation, "a value").core_schema == expected.core_schema


VALUES: list[Any] = [
    *(
        True,
        1,
        1.5,
        "1",
        "x",
        b"x",
        None,
        "",
        "2026-01-02",
        "2026-01-02T03:04:05Z",
        "03:04:05",
        "PT1H",
        {},
        [],
    ),
    *("12345678-1234-5678-1234-567812345678", [1, "2"], {"a": 1}, {"a": [1.5]}, {1: b"x"}, object()),
]


@pytest.mark.parametrize("annotation", PLAIN, ids=str)
def test_values_are_read_written_and_refused_as_pydantic_does_it(annotation: Any) -> None:
    expected: TypeAdapter[Any] = TypeAdapter(annotation)
    adapter = adapter_of(annotation, "a value")
    for value in VALUES:
        for name in ("validate_python", "validate_strings", "validate_json"):
            if name != "validate_json" or isinstance(value, str):
                read, reference = getattr(adapter.validator, name), getattr(expected.validator, name)
                assert _outcome(read, value) == _outcome(reference, value)
        assert _outcome(adapter.serializer.to_json, value) == _outcome(expected.serializer.to_json, value)


def _outcome(call: Any, value: Any) -> object:
    try:
        return call(value)
    except Exception as error:
        return type(error), str(error)


def test_a_type_that_nobody_knows_is_refused_with_its_place() -> None:
    class Strange: ...

    with pytest.raises(UnusableTypeError, match="the type of parameter 'it' cannot be used"):
        adapter_of(Strange, "parameter 'it'")


def test_models_are_known() -> None:
    assert is_model_class(Model)
    assert not is_model_class(Data)
    assert not is_model_class(list[Model])


def test_an_application_without_models_does_not_import_pydantic() -> None:
    code = """
import asyncio, sys
from typing import Any
from pyfly.container import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import PathVar, QueryParam, get_mapping

@rest_controller
class Items:
    @get_mapping("/items/{number}")
    async def item(self, number: PathVar[int], names: QueryParam[list[str]] = []) -> dict[str, Any]:
        return {"number": number, "names": names}

@pyfly_application(name="items", scan_packages=[__name__])
class Application: ...

async def main():
    asgi, sent, done = PyFlyApplication(Application).asgi(), [], asyncio.Event()
    messages = iter([{"type": "lifespan.startup"}])
    async def lifespan():
        for message in messages:
            return message
        await done.wait()
        return {"type": "lifespan.shutdown"}
    started = asyncio.Event()
    async def tell(message):
        assert "failed" not in message["type"], message
        started.set()
    life = asyncio.create_task(asgi({"type": "lifespan", "asgi": {"version": "3.0"}}, lifespan, tell))
    await started.wait()
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        sent.append(message)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/items/42", "raw_path": b"/items/42", "query_string": b"names=a&names=b", "root_path": "",
        "headers": [(b"host", b"x")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }
    await asgi(scope, receive, send)
    done.set()
    await life
    assert sent[0]["status"] == 200
    assert b"".join(each.get("body", b"") for each in sent) == b'{"number":42,"names":["a","b"]}'
    assert not sorted(name for name in sys.modules if name.partition(".")[0] in ("pydantic", "annotated_types"))

asyncio.run(main())
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
