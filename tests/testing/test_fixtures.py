from typing import ClassVar

from pyfly.context import ApplicationReadyEvent
from pyfly.testing import PyFlyTestCase
from tests.testing.shop import Mailer, Shop, ShopProperties


class BareCase(PyFlyTestCase):
    properties: ClassVar = {"greeting": "hello"}


class ShopCase(PyFlyTestCase):
    application = Shop
    profiles = ("test",)
    properties: ClassVar = {"shop.currency": "CHF"}
    fake: ClassVar = Mailer("fake")
    overrides: ClassVar = {Mailer: fake}


async def test_a_bare_case_has_a_started_context_to_register_beans_in() -> None:
    case = PyFlyTestCase()
    await case.setup()
    case.context.container.register(list)
    assert case.context.container.resolve(list) == []
    assert case.context.is_ready
    await case.teardown()
    assert not case.context.is_ready


async def test_a_bare_case_may_have_properties() -> None:
    case = BareCase()
    await case.setup()
    assert case.context.config.get("greeting") == "hello"
    await case.teardown()


async def test_a_case_may_be_about_an_application() -> None:
    case = ShopCase()
    await case.setup()
    assert case.context.get_bean(ShopProperties).currency == "CHF"
    assert case.context.get_bean(Mailer) is ShopCase.fake
    assert case.context.environment.active_profiles == ["test"]
    assert len(case.events.of(ApplicationReadyEvent)) == 1
    await case.teardown()
