"""Stereotype decorators: what they say, and what other programs may read."""

from typing import Any

import pytest

from pyfly.container import (
    Scope,
    component,
    configuration,
    controller,
    depends_on,
    lazy,
    order,
    primary,
    repository,
    rest_controller,
    service,
)
from tests.container.support import container_of

ALL = [component, service, repository, controller, rest_controller, configuration]


@pytest.mark.parametrize("stereotype", ALL, ids=lambda each: each.__name__)
def test_the_published_view_of_a_bare_stereotype(stereotype: Any) -> None:
    class Target:
        """Kept."""

    marked: Any = stereotype(Target)
    assert marked.__doc__ == "Kept."
    assert marked.__pyfly_injectable__ is True
    assert marked.__pyfly_stereotype__ == stereotype.__name__
    assert marked.__pyfly_scope__ is Scope.SINGLETON
    assert marked.__pyfly_condition__ is None
    assert not hasattr(marked, "__pyfly_bean_name__")
    assert not hasattr(marked, "__pyfly_profile__")
    assert marked is Target


def test_the_published_view_of_every_keyword() -> None:
    def allowed() -> bool:
        return True

    @service(name="orders", scope=Scope.TRANSIENT, profile="prod", condition=allowed, primary=True, order=7)
    class Orders: ...

    shown: Any = Orders
    assert shown.__pyfly_bean_name__ == "orders"
    assert shown.__pyfly_scope__ is Scope.TRANSIENT
    assert shown.__pyfly_profile__ == "prod"
    assert shown.__pyfly_condition__ is allowed
    assert shown.__pyfly_primary__ is True
    assert shown.__pyfly_order__ == 7


def test_keywords_reach_the_definition() -> None:
    @component(name="a", lazy=True, proxy=True, fallback=True, depends_on="b", scope=Scope.REQUEST)
    class A: ...

    (found,) = container_of(A).definitions()
    said = found.record
    assert (found.name, found.scope, found.stereotype) == ("a", Scope.REQUEST, "component")
    assert (said.lazy, said.proxy, said.fallback, said.depends_on) == (True, True, True, ("b",))


def above(cls: type) -> type:
    return primary(order(3)(lazy(depends_on("x", "y")(component(cls)))))


def below(cls: type) -> type:
    return component(primary(order(3)(lazy(depends_on("x", "y")(cls)))))


@pytest.mark.parametrize("decorate", [above, below])
def test_other_decorators_count_above_and_below_the_stereotype(decorate: Any) -> None:
    class Target: ...

    (found,) = container_of(decorate(Target)).definitions()
    assert found.primary
    assert found.order == 3
    assert found.record.lazy
    assert found.record.depends_on == ("x", "y")


def test_an_unknown_keyword_is_refused_with_those_that_exist() -> None:
    misspelt: Any = component
    with pytest.raises(TypeError, match=r"unknown stereotype argument 'nam'; known: name, scope"):
        misspelt(nam="x")(type("Target", (), {}))


def test_the_subclass_of_a_bean_inherits_nothing_of_what_was_said() -> None:
    @service(name="orders", profile="prod", primary=True)
    class Orders: ...

    class Special(Orders): ...

    (found,) = container_of(Special).definitions()
    assert (found.name, found.record.profile, found.primary, found.stereotype) == ("Special", "", False, "")
