import pytest

from pyfly.data.repository_reads import required, signed_sort
from pyfly.kernel.exceptions import ResourceNotFoundException


def test_a_minus_sorts_descending() -> None:
    sort = signed_sort(["-price", "name"])
    assert [(order.property, order.direction) for order in sort.orders] == [
        ("price", "desc"),
        ("name", "asc"),
    ]


def test_what_is_required_and_absent_is_not_found() -> None:
    assert required(0, int) == 0
    with pytest.raises(ResourceNotFoundException, match="int not found"):
        required(None, int)
