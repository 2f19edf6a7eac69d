import pytest

from pyfly.core.config import ConfigurationError
from pyfly.core.config.dotenv import read_dotenv


def test_lines_become_literal_variables() -> None:
    text = """
    # comment
    A=1
    export B = two words # note
    C='single $X # kept'
    D="double \\n \\" \\$X" # note
    E=
    F=a#b
    """
    assert read_dotenv(text, ".env") == {
        "A": "1",
        "B": "two words",
        "C": "single $X # kept",
        "D": 'double \n " $X',
        "E": "",
        "F": "a#b",
    }


def test_a_line_of_another_form_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"\.env:2"):
        read_dotenv("A=1\nnonsense\n", ".env")
