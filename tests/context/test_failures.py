"""Failures of single beans, as whole pictures."""

from pathlib import Path

import pytest

from pyfly.container import BeanCreationException, bean
from pyfly.context import adapter, auto_configuration, conditional_on_property, post_construct
from tests.container.support import picture
from tests.context.support import context_of

HERE = "test_failures.py:N"


@pytest.fixture(autouse=True)
def _paths_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)


class Broken:
    @post_construct
    async def connect(self) -> None:
        raise ConnectionError("no route to postgres://shop:secret@db/shop")


class Needs:
    def __init__(self, broken: Broken) -> None: ...


class Client:
    async def start(self) -> None:
        raise ConnectionRefusedError("port 6379")

    async def stop(self) -> None: ...


@auto_configuration
@adapter("cache", "redis")
@conditional_on_property("test.cache")
class CacheConfiguration:
    @bean
    def client(self) -> Client:
        return Client()


async def test_a_bean_that_cannot_be_made_names_the_place_and_who_needs_it_and_no_secret() -> None:
    with pytest.raises(BeanCreationException) as raised:
        await context_of(Needs, Broken).start()
    assert picture(raised.value) == (
        "Application failed to start\n"
        "\n"
        "What failed\n"
        f"    Bean 'Broken' (Broken, {HERE}) could not be created.\n"
        "\n"
        "Why\n"
        f"    ConnectionError: no route to postgres://shop:******@db/shop ({HERE})\n"
        "    It is needed by Needs.\n"
        "\n"
        "What to do\n"
        f"    Correct {HERE}.\n"
    )


async def test_an_adapter_that_cannot_start_names_subsystem_and_provider() -> None:
    with pytest.raises(BeanCreationException) as raised:
        await context_of(CacheConfiguration, settings={"test.cache": True}).start()
    assert str(raised.value) == "Cannot create cache bean with provider 'redis': port 6379"
    assert picture(raised.value) == (
        "Application failed to start\n"
        "\n"
        "What failed\n"
        f"    Bean 'client' (Client, cache/redis, {HERE}) could not be started.\n"
        "\n"
        "Why\n"
        f"    ConnectionRefusedError: port 6379 ({HERE})\n"
        "\n"
        "What to do\n"
        "    Check the configuration of cache (redis).\n"
    )


def test_a_creation_failure_without_details_is_explained_all_the_same() -> None:
    assert BeanCreationException("cache", "redis", "refused").diagnosis.fix == (
        "Check the configuration of cache (redis).",
    )


async def test_a_cause_that_somebody_can_explain_is_explained_inside() -> None:
    class Asks:
        def __init__(self) -> None:
            context.get_bean(Client)

    context = context_of(Asks)
    with pytest.raises(KeyError) as raised:
        await context.start()
    assert "There is no bean of type Client." in picture(raised.value)
