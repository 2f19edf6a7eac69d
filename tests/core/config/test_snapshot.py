from pyfly.core.config.snapshot import layer_of, snapshot_of
from pyfly.core.config.tree import plain, tree_of


def test_layers_are_merged_in_order_and_stay_as_they_were() -> None:
    first = layer_of("a", tree_of({"x": {"pool-size": 1, "kept": 1}}, "a"))
    second = layer_of("b", tree_of({"x": {"poolSize": 2}}, "b"))
    snapshot = snapshot_of([first, second])
    assert plain(snapshot.root) == {"x": {"poolSize": 2, "kept": 1}}
    assert plain(first.tree) == {"x": {"pool-size": 1, "kept": 1}}
    assert snapshot.nodes["x.pool-size"].origin == "b"


def test_pinned_values_lie_on_top_and_are_remembered() -> None:
    snapshot = snapshot_of(
        [layer_of("a", tree_of({"x": 1, "y": 1}, "a"))], pinned=layer_of("", tree_of({"x": 2}, "arguments"))
    )
    assert plain(snapshot.root) == {"x": 2, "y": 1}
    assert snapshot.pinned == {"x"}


def test_aliased_sections_move_and_what_was_written_at_the_new_place_wins() -> None:
    data = {"pyfly": {"data": {"url": "new", "relational": {"url": "old", "echo": True}}}}
    assert plain(layer_of("a", tree_of(data, "a")).tree) == {"pyfly": {"data": {"url": "new", "echo": True}}}


def test_renamed_sections_are_reported_key_by_key() -> None:
    layer = layer_of("a", tree_of({"pyfly": {"web": {"actuator": {"a": 1, "b": {"c": 2}}}}}, "f"))
    assert [(found.key, found.replacement) for found in layer.renamed] == [
        ("pyfly.web.actuator.a", "pyfly.actuator.a"),
        ("pyfly.web.actuator.b.c", "pyfly.actuator.b.c"),
    ]
    assert plain(layer.tree) == {"pyfly": {"actuator": {"a": 1, "b": {"c": 2}}}}
