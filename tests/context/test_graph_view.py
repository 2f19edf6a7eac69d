"""The graph of an application can be drawn without building a bean."""

import json

import pytest

from pyfly.container import Provider, service
from pyfly.context import ApplicationContext
from pyfly.context.graph_view import render_graph
from tests.context.support import context_of


@service
class Store: ...


@service
class Shop:
    def __init__(self, store: Store) -> None:
        raise AssertionError("nothing is built")


@service
class Report:
    def __init__(self, shop: Provider[Shop]) -> None: ...


def checked() -> ApplicationContext:
    context = context_of(Store, Shop, Report)
    context.check()
    return context


def test_mermaid_draws_needs_as_arrows_and_deferred_ones_dashed() -> None:
    lines = render_graph(checked().container, "mermaid").splitlines()
    names = {line.strip().split("[")[0]: line for line in lines if "[" in line}
    ids = {line.split('"')[1].split()[0]: number for number, line in names.items()}
    assert lines[0] == "graph LR"
    assert f"    {ids['Shop']} --> {ids['Store']}" in lines
    assert f"    {ids['Report']} -.-> {ids['Shop']}" in lines


def test_dot_names_beans_and_their_kind() -> None:
    text = render_graph(checked().container, "dot")
    assert text.startswith("digraph beans {")
    assert '"Shop" [label="Shop (service)"];' in text
    assert '"Shop" -> "Store";' in text
    assert '"Report" -> "Shop" [style=dashed];' in text


def test_json_tells_type_scope_and_origin() -> None:
    graph = json.loads(render_graph(checked().container, "json"))
    shop = next(each for each in graph["beans"] if each["name"] == "Shop")
    assert (shop["scope"], shop["stereotype"]) == ("singleton", "service")
    assert "test_graph_view.py:" in shop["origin"]
    assert {"source": "Shop", "target": "Store", "deferred": False} in graph["edges"]


def test_an_unknown_form_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown form 'png'; known: mermaid, dot, json"):
        render_graph(checked().container, "png")
