from dataclasses import FrozenInstanceError

import pytest

from pyfly.security import SecurityContext


def test_somebody_unknown_has_nothing() -> None:
    unknown = SecurityContext.anonymous()
    assert (unknown.user_id, unknown.is_authenticated) == (None, False)
    assert (unknown.roles, unknown.permissions, unknown.attributes) == ([], [], {})
    assert (unknown.has_role("A"), unknown.has_any_role(["A"]), unknown.has_permission("a")) == (False,) * 3


def test_it_tells_roles_and_permissions() -> None:
    ann = SecurityContext("ann", ["A", "B"], ["read"], {"tenant": "t1"})
    assert ann.is_authenticated
    assert (ann.has_role("A"), ann.has_role("C")) == (True, False)
    assert (ann.has_any_role(["C", "B"]), ann.has_any_role(["C"]), ann.has_any_role([])) == (
        True,
        False,
        False,
    )
    assert (ann.has_permission("read"), ann.has_permission("write")) == (True, False)


def test_it_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        SecurityContext("ann").user_id = "ben"  # type: ignore[misc]


def test_two_of_them_share_nothing() -> None:
    SecurityContext.anonymous().roles.append("A")
    assert SecurityContext.anonymous().roles == []
