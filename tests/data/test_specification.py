from dataclasses import dataclass

import pytest

from pyfly.data import FilterOperator, FilterUtils, Specification
from pyfly.data.memory.entities import EntityModel
from pyfly.data.memory.matching import matcher


@dataclass
class Item:
    name: str
    price: int | None = None
    id: int = 0


MODEL = EntityModel(Item)


def holds(spec: "Specification[Item]", item: Item) -> bool | None:
    test = matcher(spec, MODEL)
    return True if test is None else test(item)


def test_an_example_asks_for_what_it_has_a_value_for() -> None:
    spec = FilterUtils.from_example(Item("a", None, 0))
    assert holds(spec, Item("a", 5, 0))
    assert not holds(spec, Item("b", 5, 0))


def test_an_object_without_declared_fields_is_an_example_too() -> None:
    class Example:
        def __init__(self) -> None:
            self.name = "a"
            self.price = None
            self._hidden = 1

    assert holds(FilterUtils.from_example(Example()), Item("a"))


def test_what_depends_on_an_absent_value_is_neither_true_nor_false() -> None:
    spec = FilterOperator.gt("price", 1)
    assert holds(spec, Item("a")) is None
    assert holds(~spec, Item("a")) is None
    assert holds(spec | FilterOperator.eq("name", "a"), Item("a")) is True
    assert holds(spec & FilterOperator.eq("name", "b"), Item("a")) is False


def test_a_specification_with_two_parameters_may_look_at_the_query() -> None:
    assert holds(Specification(lambda root, query: root.name == "a"), Item("a"))


def test_in_memory_a_specification_has_to_compare_properties() -> None:
    with pytest.raises(TypeError, match="compares properties"):
        holds(Specification(lambda root: 5), Item("a"))
