"""Everything is checked before anything is built: wiring, configuration, listeners."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
from annotated_types import Gt

from pyfly.container import (
    BeanGraphError,
    Provider,
    Scope,
    Value,
    bean,
    component,
    configuration,
)
from pyfly.context import ApplicationContext, ContextRefreshedEvent, app_event_listener
from pyfly.core.config import Config, config_properties
from tests.container.support import picture
from tests.context.support import context_of


@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class ShopProperties:
    name: str = "corner"
    size: Annotated[int, Gt(0)] = 3


async def failing(context: ApplicationContext) -> BeanGraphError:
    with pytest.raises(BeanGraphError) as raised:
        await context.start()
    return raised.value


# Properties


async def test_properties_are_beans_wherever_somebody_asks_for_them() -> None:
    class Service:
        def __init__(self, shop: ShopProperties, later: Provider[ShopProperties]) -> None:
            self.shop, self.later = shop, later

    @configuration
    class Beans:
        @bean
        def text(self, shop: ShopProperties) -> str:
            return shop.name

    async with context_of(Service, Beans, settings={"shop.size": 4, "shop.name": "big"}) as context:
        service = context.get_bean(Service)
        assert service.shop == ShopProperties(name="big", size=4)
        assert service.shop is service.later.get() is context.get_bean(ShopProperties)
        assert context.get_bean(str) == "big"


async def test_registered_properties_are_bound_not_constructed() -> None:
    async with context_of(ShopProperties, settings={"shop.size": 9}) as context:
        assert context.get_bean(ShopProperties).size == 9


async def test_a_value_that_does_not_bind_is_reported_with_the_wiring_errors() -> None:
    class Service:
        def __init__(self, shop: ShopProperties, size: int) -> None: ...

    error = await failing(context_of(Service, settings={"shop.size": -1}))
    assert len(error.problems) == 2
    shown = picture(error)
    assert "shop.size" in shown
    assert "is a bare int" in shown


async def test_a_bad_setting_of_the_context_itself_is_reported() -> None:
    error = await failing(context_of(settings={"pyfly.context.start-timeout": "soon"}))
    assert "pyfly.context.start-timeout is 'soon'" in picture(error)


async def test_unknown_keys_are_warned_about_with_the_nearest_known_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "pyfly.yaml").write_text("pyfly:\n  context:\n    start-timeot: 5s\n")
    with caplog.at_level(logging.WARNING, "pyfly.config"):
        async with ApplicationContext(Config.from_sources(tmp_path)):
            pass
    assert "start-timeot" in caplog.text
    assert "start-timeout" in caplog.text.replace("start-timeot", "")


# Listeners


async def test_a_listener_without_a_type_is_reported_as_a_whole_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    error = await failing(context_of(Forgetful))
    assert picture(error) == (
        "Application failed to start\n"
        "\n"
        "What failed\n"
        "    Listener Forgetful.on_ready (test_checking.py:N) does not say which events it wants.\n"
        "\n"
        "Why\n"
        "    it needs one parameter, annotated with a class\n"
        "\n"
        "What to do\n"
        "    Annotate its one parameter with a class: "
        "`def on_ready(self, event: ApplicationReadyEvent)`.\n"
    )


@component
class Forgetful:
    @app_event_listener
    def on_ready(self, event):  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Does not say what it listens to."""


def nothing(self: object) -> None: ...


def union(self: object, event: ContextRefreshedEvent | None) -> None: ...


def only_return(self: object, event) -> ContextRefreshedEvent:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return ContextRefreshedEvent()


def unknown(self: object, event: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize("method", [nothing, union, only_return, unknown], ids=lambda each: each.__name__)
async def test_only_a_parameter_that_is_a_class_says_what_a_listener_wants(method: Any) -> None:
    listener = type("Listener", (), {"on": app_event_listener(method)})
    error = await failing(context_of(listener))
    assert "Listener Listener.on" in str(error)


async def test_a_value_error_as_a_whole_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    error = await failing(context_of(Sized, settings={"shop.size": "many"}))
    assert picture(error) == (
        "Application failed to start\n"
        "\n"
        "What failed\n"
        "    Sized cannot be given the value '${shop.size}' for parameter 'size' (test_checking.py:N).\n"
        "\n"
        "Why\n"
        "    shop.size is 'many', but should be a whole number.\n"
        "    It is set in the program.\n"
        "\n"
        "What to do\n"
        "    Set shop.size in the program to a whole number.\n"
    )


@component
class Sized:
    def __init__(self, size: Annotated[int, Value("${shop.size}")]) -> None: ...


async def test_overriding_is_allowed_by_configuration() -> None:
    class First: ...

    class Second: ...

    def overriding(allowed: bool) -> ApplicationContext:
        context = context_of(settings={"pyfly.context.allow-bean-overriding": allowed})
        context.register_bean(First, name="same")
        context.register_bean(Second, name="same")
        return context

    async with overriding(True) as context:
        assert isinstance(context.get_bean_by_name("same"), Second)
    assert "2 beans are called 'same'" in str(await failing(overriding(False)))


@component(scope=Scope.REQUEST)
class PerRequest:
    def __init__(self) -> None:
        self.heard: list[str] = []

    @app_event_listener
    def hear(self, event: str) -> None:
        self.heard.append(event)


async def test_a_request_scoped_listener_to_events_of_the_context_is_reported() -> None:
    @component(scope=Scope.REQUEST)
    class Late:
        @app_event_listener
        def on_refresh(self, event: ContextRefreshedEvent) -> None: ...

    assert "Late.on_refresh" in picture(await failing(context_of(Late)))


async def test_a_request_scoped_listener_hears_what_is_published_in_its_request() -> None:
    async with context_of(PerRequest) as context, context.request_scope():
        await context.event_bus.publish("hello")
        assert context.get_bean(PerRequest).heard == ["hello"]


# Lazy beans with a lifecycle


@component(lazy=True)
class LazyServer:
    is_started = False

    async def start(self) -> None:
        self.is_started = True

    async def stop(self) -> None: ...


async def test_a_lazy_bean_that_would_never_be_started_is_reported() -> None:
    shown = picture(await failing(context_of(LazyServer)))
    assert "Bean 'LazyServer'" in shown
    assert "would never be started or stopped" in shown
    assert "Remove `lazy` from LazyServer" in shown


async def test_a_lazy_bean_that_an_eager_one_needs_is_started() -> None:
    class Client:
        def __init__(self, server: LazyServer) -> None:
            self.server = server

    async with context_of(LazyServer, Client) as context:
        assert context.get_bean(Client).server.is_started
