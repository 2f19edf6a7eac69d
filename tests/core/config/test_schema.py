from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Annotated, Literal

from annotated_types import Ge

from pyfly.core.config import (
    DataSize,
    Deprecated,
    Doc,
    Secret,
    config_properties,
    config_schema,
    known_properties,
)
from pyfly.core.config.reference import framework_properties

CANARY = Secret("canary")


class Color(Enum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    wait: timedelta = timedelta(seconds=1)


@config_properties("my.shop")
@dataclass(frozen=True, kw_only=True)
class Shop:
    size: Annotated[int, Ge(1), Doc("How many.")] = 2
    color: Color = Color.RED
    mode: bool | Literal["auto"] = "auto"
    inner: Inner = Inner(timedelta(seconds=90))
    many: list[Inner] = field(default_factory=list)
    labels: dict[str, DataSize] = field(default_factory=dict)
    password: Annotated[Secret, Deprecated()] = CANARY


def test_the_schema_describes_the_sections_as_a_file_nests_them() -> None:
    schema = config_schema([Shop])
    fields = schema["properties"]["my"]["properties"]["shop"]["properties"]
    assert fields["size"] == {"type": "integer", "minimum": 1, "description": "How many.", "default": 2}
    assert fields["color"] == {"enum": ["red"], "default": "red"}
    assert fields["mode"] == {"anyOf": [{"type": "boolean"}, {"enum": ["auto"]}], "default": "auto"}
    assert fields["inner"]["properties"]["wait"]["default"] == "90s"
    assert fields["many"]["items"]["properties"]["wait"]["type"] == ["string", "number"]
    assert fields["labels"]["additionalProperties"]["type"] == ["string", "integer"]
    assert fields["password"] == {"type": "string", "writeOnly": True, "deprecated": True}


def test_the_schema_of_the_framework_has_every_key_and_is_plain_json() -> None:
    import json

    schema = json.loads(json.dumps(config_schema(framework_properties())))
    for entry in known_properties():
        node = schema
        for segment in entry.key.split("."):
            if segment in ("*", "**"):
                node = node.get("additionalProperties", node.get("items"))
                continue
            node = node["properties"][segment]
        assert isinstance(node, dict)
