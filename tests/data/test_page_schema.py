"""Pages as the web layer writes them."""

from typing import Annotated

import pytest
from pydantic import GetPydanticSchema, TypeAdapter, ValidationError

from pyfly.data.page import Page, Slice

PAGE: TypeAdapter[Page[int]] = TypeAdapter(Annotated[Page[int], GetPydanticSchema(Page.wire_schema)])
SLICE: TypeAdapter[Slice[int]] = TypeAdapter(Annotated[Slice[int], GetPydanticSchema(Slice.wire_schema)])


def test_a_page_is_written_with_what_follows_from_its_fields() -> None:
    assert PAGE.dump_json(Page([1, 2], 5, 2, 2)) == (
        b'{"items":[1,2],"total":5,"page":2,"size":2,"total_pages":3,"has_next":true,"has_previous":true}'
    )
    assert SLICE.dump_json(Slice([1], 1, 1, True)) == (
        b'{"items":[1],"page":1,"size":1,"has_next":true,"has_previous":false}'
    )


def test_a_page_is_read_from_its_fields() -> None:
    assert PAGE.validate_python({"items": ["1"], "total": 1, "page": 1, "size": 1}) == Page([1], 1, 1, 1)
    with pytest.raises(ValidationError):
        PAGE.validate_python({"items": ["one"], "total": 1, "page": 1, "size": 1})


def test_the_schema_says_what_is_written() -> None:
    schema = PAGE.json_schema(mode="serialization")
    assert schema["properties"]["items"] == {"items": {"type": "integer"}, "title": "Items", "type": "array"}
    assert {"total_pages", "has_next", "has_previous"} <= set(schema["required"])
