"""The framework's own bounds are read as those of annotated_types are."""

import annotated_types
import pytest

from pyfly.core.config.constraints import described, violated
from pyfly.kernel.bounds import Ge, Gt, Le


@pytest.mark.parametrize(
    ("own", "published", "good", "bad"),
    [
        (Ge(1), annotated_types.Ge(1), 1, 0),
        (Gt(1), annotated_types.Gt(1), 2, 1),
        (Le(1), annotated_types.Le(1), 1, 2),
    ],
    ids=["at least", "more than", "at most"],
)
def test_a_bound_means_what_the_published_one_means(
    own: object, published: object, good: int, bad: int
) -> None:
    assert violated(good, [own]) is None
    assert violated(bad, [own]) == violated(bad, [published])
    assert violated(bad, [own]) is not None
    assert described([own]) == described([published])
