"""Which libraries are there, and what each subsystem ends up with."""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from typing import Any

import pytest

from pyfly.config import AutoConfiguration, AutoConfigurationEngine
from pyfly.container import Container, bean
from pyfly.context import adapter, auto_configuration, conditional_on_missing_bean, conditional_on_property
from pyfly.core.config import Config
from tests.context.support import context_of


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let exactly the named modules be installed."""
    real = importlib.util.find_spec

    def only(*names: str) -> None:
        def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
            return real("json") if name in names else None

        monkeypatch.setattr("pyfly.context.conditions.find_spec", find_spec)

    return only


def test_availability_is_looked_up_without_importing() -> None:
    sys.modules.pop("this", None)
    assert AutoConfiguration.is_available("json")
    assert AutoConfiguration.is_available("this")
    assert not AutoConfiguration.is_available("no_such_library_anywhere")
    assert "this" not in sys.modules


@pytest.mark.parametrize(
    ("detect", "module", "there", "absent"),
    [
        (AutoConfiguration.detect_web_adapter, "starlette", "starlette", "none"),
        (AutoConfiguration.detect_cache_provider, "redis.asyncio", "redis", "memory"),
        (AutoConfiguration.detect_eda_provider, "aiokafka", "kafka", "memory"),
        (AutoConfiguration.detect_eda_provider, "aio_pika", "rabbitmq", "memory"),
        (AutoConfiguration.detect_client_provider, "httpx", "httpx", "none"),
        (AutoConfiguration.detect_relational_provider, "sqlalchemy", "sqlalchemy", "none"),
        (AutoConfiguration.detect_document_provider, "pymongo", "mongodb", "none"),
    ],
)
def test_a_provider_is_detected_by_its_library(
    detect: Any, module: str, there: str, absent: str, installed: Any
) -> None:
    installed(module)
    assert detect() == there
    installed()
    assert detect() == absent


def test_kafka_is_preferred_to_rabbitmq(installed: Any) -> None:
    installed("aiokafka", "aio_pika")
    assert AutoConfiguration.detect_eda_provider() == "kafka"


# The engine


class Port: ...


class Broker(Port):
    async def start(self) -> None:
        raise AssertionError("nothing connects while configuring")

    async def stop(self) -> None: ...


class Mine(Port): ...


@auto_configuration
@adapter("broker", "memory")
@conditional_on_property("test.broker")
class BrokerConfiguration:
    @bean
    @conditional_on_missing_bean(Port)
    def broker(self) -> Broker:
        return Broker()


def configured(*classes: type, **settings: Any) -> AutoConfigurationEngine:
    container = Container()
    for cls in (BrokerConfiguration, *classes):
        container.register(cls)
    engine = AutoConfigurationEngine()
    engine.configure(Config({"test": {"broker": True}, **settings}), container)
    return engine


def test_before_it_runs_there_is_nothing() -> None:
    engine = AutoConfigurationEngine()
    assert engine.results == {}
    assert engine.adapters == []


def test_the_provider_of_each_subsystem_is_recorded_and_its_adapter_made_but_not_started() -> None:
    engine = configured()
    assert engine.results["broker"] == "memory"
    assert "Broker" in [type(each).__name__ for each in engine.adapters]


def test_results_and_adapters_are_copies() -> None:
    engine = configured()
    engine.results.clear()
    engine.adapters.clear()
    assert "broker" in engine.results
    assert engine.adapters


def test_a_subsystem_that_the_user_serves_is_absent() -> None:
    engine = configured(Mine)
    assert "broker" not in engine.results
    assert engine.adapters == []


@pytest.mark.parametrize(
    "excluded",
    ["BrokerConfiguration", "tests.config.test_auto.BrokerConfiguration", "tests.config.test_auto"],
)
async def test_an_auto_configuration_can_be_excluded_by_name(excluded: str) -> None:
    settings = {"test.broker": True, "pyfly.autoconfigure.exclude": [excluded]}
    async with context_of(BrokerConfiguration, settings=settings) as context:
        assert "broker" not in context.providers
        assert not context.contains_bean("broker")
        with pytest.raises(KeyError):
            context.get_bean(Port)
