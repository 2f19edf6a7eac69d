"""``@order``."""

from pyfly.container import HIGHEST_PRECEDENCE, LOWEST_PRECEDENCE, component, get_order, order
from tests.container.support import container_of


class Step: ...


def test_lower_values_come_first_and_equal_ones_keep_their_registration_order() -> None:
    @order(LOWEST_PRECEDENCE)
    class Last(Step): ...

    class Second(Step): ...

    @component
    @order(0)
    class Third(Step): ...

    @order(HIGHEST_PRECEDENCE)
    @component
    class First(Step): ...

    found = container_of(Last, Second, Third, First).resolve_all(Step)
    assert [type(each) for each in found] == [First, Second, Third, Last]


def test_an_undecorated_class_has_order_zero_and_a_subclass_does_not_inherit_one() -> None:
    @order(5)
    class Early: ...

    class Child(Early): ...

    assert (get_order(Step), get_order(Early), get_order(Child)) == (0, 5, 0)


def test_the_bounds_are_those_of_a_32_bit_integer() -> None:
    assert (HIGHEST_PRECEDENCE, LOWEST_PRECEDENCE) == (-(2**31), 2**31 - 1)
