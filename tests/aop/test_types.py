"""The values that advice is given."""

import pytest

from pyfly.aop import AdviceBinding, JoinPoint


def test_a_join_point_can_be_made_by_hand() -> None:
    point = JoinPoint(target="bean", method_name="place", args=(1,), kwargs={"a": 2})
    assert (point.return_value, point.exception, point.proceed) == (None, None, None)
    point.return_value = 5
    assert point.return_value == 5
    with pytest.raises(AttributeError, match="'JoinPoint' object has no attribute 'unknown'"):
        point.unknown  # type: ignore[attr-defined]  # noqa: B018


def test_a_binding_says_which_advice_is_for_what() -> None:
    def advise() -> None: ...

    assert AdviceBinding("before", "a.*", advise, 1) == AdviceBinding("before", "a.*", advise, 1)
