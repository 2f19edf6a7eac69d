import pytest

from pyfly.core.config import ConfigurationError
from pyfly.core.config.tree import leaves, plain
from pyfly.core.config.yaml_reader import read_yaml


def _read(text: str) -> object:
    return [plain(document) for document in read_yaml(text, "f.yaml")]


def test_documents_become_trees_of_plain_data() -> None:
    text = "a: {b: [1, 2.5, yes, null, text, 2024-01-02]}\n---\n---\nc: |\n  x\n  y\n"
    first, empty, last = read_yaml(text, "f.yaml")
    assert str(plain(first)) == "{'a': {'b': [1, 2.5, True, None, 'text', datetime.date(2024, 1, 2)]}}"
    assert plain(empty) == {}
    assert plain(last) == {"c": "x\ny\n"}


def test_an_empty_file_is_an_empty_section() -> None:
    assert _read("") == []
    assert _read("# nothing\n") == []


def test_every_value_knows_its_line() -> None:
    (tree,) = read_yaml("a:\n  b: 1\n\n  c:\n    - x\n    - d: >-\n        long\n", "f.yaml")
    assert {key: leaf.origin for key, leaf in leaves(tree)} == {
        "a.b": "f.yaml:2",
        "a.c.0": "f.yaml:5",
        "a.c.1.d": "f.yaml:6",
    }


def test_anchors_and_merge_keys_work() -> None:
    text = "base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\nlist: &l [1]\nsame: *l\nboth: {<<: [*b, {z: 4}]}\n"
    assert _read(text) == [
        {
            "base": {"x": 1, "y": 2},
            "use": {"y": 3, "x": 1},
            "list": [1],
            "same": [1],
            "both": {"x": 1, "y": 2, "z": 4},
        }
    ]


def test_clock_times_and_port_pairs_are_texts() -> None:
    assert _read("a: 22:22\nb: 12:30:00\n") == [{"a": "22:22", "b": "12:30:00"}]


_LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2\n", r"'a' is there twice .*f\.yaml:2"),
        ("x:\n  pool-size: 1\n  poolSize: 2\n", r"two spellings of the same key .*f\.yaml:3"),
        (_LAUGHS, "more than 100000 values"),
        ("[" * 2000, "nested deeper than 50 levels"),
        ("".join(f"{' ' * i}a:\n" for i in range(60)), "nested deeper than 50 levels"),
        ("a: !!python/object/apply:os.system [ls]\n", "The tag .* is not allowed"),
        ("a: !secret x\n", "The tag !secret is not allowed"),
        ("a: *b\n", "alias"),
        ("- 1\n- 2\n", "keys and values"),
        ("just text\n", "keys and values"),
        ("? [a]\n: 1\n", "A key should be plain text"),
        ("a: 'x\n", "not valid YAML"),
        ("a: b: c\n", r"not valid YAML: .*f\.yaml:1"),
        ("a: 2024-99-99\n", "not a valid timestamp"),
        ("a: \x00\n", "not valid YAML|special characters"),
    ],
)
def test_what_is_not_plain_data_within_limits_is_refused_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        list(read_yaml(text, "f.yaml"))
