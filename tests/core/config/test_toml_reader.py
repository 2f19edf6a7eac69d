import pytest

from pyfly.core.config import ConfigurationError
from pyfly.core.config.toml_reader import read_toml
from pyfly.core.config.tree import leaves, plain


def test_a_file_becomes_a_tree_whose_values_know_their_lines() -> None:
    text = 'top = 1\n[pyfly.web]\nport = 80\n"dotted.name" = "x"\n[[shop.servers]]\nhost = "a"\n'
    (tree,) = read_toml(text, "f.toml")
    assert plain(tree) == {
        "top": 1,
        "pyfly": {"web": {"port": 80, "dotted.name": "x"}},
        "shop": {"servers": [{"host": "a"}]},
    }
    assert {key: leaf.origin for key, leaf in leaves(tree)} == {
        "top": "f.toml:1",
        "pyfly.web.port": "f.toml:3",
        "pyfly.web.dotted.name": "f.toml:4",
        "shop.servers.0.host": "f.toml:6",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = 1\na = 2\n", r"not valid TOML.*f\.toml:2"),
        ("[x]\npool-size = 1\npool_size = 2\n", "two spellings"),
        ("a = " + "[" * 100 + "]" * 100, "nested deeper"),
        ("a = " + "[" * 20000, "nested deeper|not valid"),
        ("a = ", "not valid TOML"),
    ],
)
def test_what_is_malformed_is_refused_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        list(read_toml(text, "f.toml"))
