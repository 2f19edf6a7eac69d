from typing import Annotated, Any

import pytest

from pyfly.validation.markers import meant
from pyfly.web import Body, QueryParam, Valid


@pytest.mark.parametrize(
    ("hint", "type_"),
    [
        (int, int),
        (list[int], list[int]),
        (Body[int], int),
        (Valid[QueryParam[int]], int),
        (Body[Annotated[int, "text"]], Annotated[int, "text"]),
    ],
    ids=str,
)
def test_a_parameter_marker_means_the_type_that_it_holds(hint: Any, type_: Any) -> None:
    assert meant(hint) == type_
