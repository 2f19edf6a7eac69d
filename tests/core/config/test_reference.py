"""The reference of all keys, and that the shipped defaults are exactly those of the properties classes."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Annotated, Any

import pytest

from pyfly.core.config import Config, Deprecated, Doc, config_properties, known_properties, property_metadata
from pyfly.core.config.loading import framework_defaults
from pyfly.core.config.reference import framework_properties
from pyfly.core.config.tree import Tree, walk


@dataclass(frozen=True)
class Inner:
    wait: Annotated[timedelta, Doc("How long.")] = timedelta(seconds=1)


@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class Shop:
    name: str
    inner: Inner = Inner(timedelta(seconds=9))
    maybe: Inner | None = None
    many: list[Inner] = field(default_factory=list)
    by_name: dict[str, Inner] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    old: Annotated[int, Doc("Not used."), Deprecated("shop.name")] = 0


def test_each_key_has_its_type_default_and_explanation() -> None:
    entries = property_metadata(Shop)
    assert [(e.key, e.type) for e in entries] == [
        ("shop.name", "str"),
        ("shop.inner.wait", "timedelta"),
        ("shop.maybe.wait", "timedelta"),
        ("shop.many.*.wait", "timedelta"),
        ("shop.many", "list[Inner]"),
        ("shop.by-name.*.wait", "timedelta"),
        ("shop.by-name", "dict[str, Inner]"),
        ("shop.labels.**", "dict[str, str]"),
        ("shop.old", "int"),
    ]
    assert entries[0].required
    assert (entries[1].default, entries[1].doc) == (timedelta(seconds=9), "How long.")
    assert (entries[-1].deprecated, entries[-1].replacement) == (True, "shop.name")


def test_a_class_without_prefix_has_no_keys() -> None:
    with pytest.raises(ValueError, match="no prefix"):
        property_metadata(Inner)


def test_a_section_that_contains_itself_ends() -> None:
    assert [entry.key for entry in property_metadata(Node)] == [
        "node.name",
        "node.children.*.**",
        "node.children",
    ]


@config_properties("node")
@dataclass
class Node:
    name: str = ""
    children: "list[Node]" = field(default_factory=list)


def _shipped() -> set[str]:
    nodes = walk(framework_defaults().tree)
    return {
        key for key, node in nodes if not (isinstance(node, Tree) and node.nodes) and not key[-1].isdigit()
    }


def _declared() -> dict[str, Any]:
    entries = known_properties()
    return {e.key.removesuffix(".**"): e for e in entries if ".*" not in e.key.removesuffix(".**")}


def test_every_default_that_ships_is_read_by_a_properties_class() -> None:
    keys = _shipped()
    open_ended = {e.key.removesuffix("**") for e in known_properties() if e.key.endswith(".**")}
    unread = {
        key for key in keys - _declared().keys() if not any(key.startswith(prefix) for prefix in open_ended)
    }
    assert unread == set()


# Sections of a document, not settings: they have no default to ship.
_WITHOUT_DEFAULT = {"pyfly.config.activate.on-profile"}


def test_every_key_of_a_properties_class_ships_with_its_default_and_explanation() -> None:
    shipped = _shipped()
    entries = {key: e for key, e in _declared().items() if key not in _WITHOUT_DEFAULT}
    missing = {
        key for key in entries if key not in shipped and not any(s.startswith(key + ".") for s in shipped)
    }
    assert missing == set()
    assert {key for key, entry in entries.items() if not entry.doc and not entry.required} == set()


@pytest.mark.parametrize("cls", framework_properties(), ids=lambda cls: cls.__name__)
def test_the_shipped_defaults_are_those_of_the_class(cls: type, tmp_path: Any) -> None:
    assert Config.from_sources(tmp_path, []).bind(cls) == Config({}).bind(cls)


def test_enum_defaults_show_in_the_reference() -> None:
    class Kind(Enum):
        A = "a"

    @config_properties("kinds")
    @dataclass
    class Kinds:
        kind: Kind = Kind.A

    assert property_metadata(Kinds)[0].default is Kind.A
