from collections.abc import Hashable

import pytest

from pyfly.container import BeanGraphError
from pyfly.testing import ApplicationCache, ApplicationSpec
from tests.testing.shop import Clerk, Shop, ShopProperties


async def test_an_application_is_started_once_for_each_configuration() -> None:
    started: list[Hashable] = []
    cache = ApplicationCache(started.append)
    one = await cache.get(
        ApplicationSpec(app_class=Shop, properties={"shop.currency": "CHF", "shop.is-open": True})
    )
    same = await cache.get(
        ApplicationSpec(app_class=Shop, properties={"shop.is-open": "true", "shop": {"currency": "CHF"}})
    )
    other = await cache.get(ApplicationSpec(app_class=Shop, profiles=("test",)))
    assert one is same
    assert (one.get_bean(ShopProperties).currency, other.get_bean(ShopProperties).currency) == ("CHF", "EUR")
    assert len(started) == 2
    await cache.close()
    assert not one.context.is_ready
    assert not other.context.is_ready


def test_replacements_make_a_configuration_of_their_own() -> None:
    clerk = Clerk()
    specs = [ApplicationSpec(app_class=Shop, overrides={Clerk: each}) for each in (clerk, clerk, Clerk())]
    assert specs[0].key == specs[1].key
    assert specs[0].key != specs[2].key


async def test_an_application_that_did_not_start_is_not_tried_again() -> None:
    started: list[Hashable] = []
    cache = ApplicationCache(started.append)
    spec = ApplicationSpec(app_class=Shop, properties={"shop.patience": "endless"})
    for _ in range(2):
        with pytest.raises(BeanGraphError, match="ShopProperties"):
            await cache.get(spec)
    assert len(started) == 1
    await cache.close()
