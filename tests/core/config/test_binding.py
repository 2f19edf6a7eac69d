from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Ge, Interval, MinLen
from pydantic import AnyUrl, BaseModel, Field, field_validator

from pyfly.actuator.properties import ActuatorProperties
from pyfly.context.properties import ContextProperties
from pyfly.core.config import Config, ConfigurationErrors, DataSize, Secret, config_properties
from pyfly.kernel.diagnosis import diagnose
from tests.core.config.conftest import Write

MEGABYTE = DataSize("1MB")
NO_SECRET = Secret("")


class Color(Enum):
    RED = "red"
    DARK_BLUE = "dark-blue"


@dataclass(frozen=True)
class Retry:
    max_attempts: int = 3
    delay: timedelta = timedelta(seconds=1)


@dataclass(frozen=True)
class Server:
    host: str
    port: Annotated[int, Interval(ge=1, le=65535)] = 80


@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class Shop:
    name: Annotated[str, MinLen(2)] = "shop"
    open: bool = True
    price: float = 1.0
    size: DataSize = MEGABYTE
    color: Color = Color.RED
    mode: Literal["fast", "safe"] = "safe"
    switch: bool | Literal["auto"] = "auto"
    home: Path = Path()
    password: Secret = NO_SECRET
    retry: Retry = Retry(max_attempts=9)
    servers: list[Server] = field(default_factory=list)
    hosts: tuple[str, ...] = ()
    by_name: dict[str, Server] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    backup: Server | None = None
    anything: dict[str, Any] = field(default_factory=dict)


def test_what_is_not_set_keeps_the_defaults_of_the_class() -> None:
    assert Config({}).bind(Shop) == Shop()


def test_kebab_keys_fill_snake_fields_and_values_are_converted() -> None:
    shop = Config(
        {
            "shop": {
                "open": "yes",
                "price": "2.5",
                "size": "10KB",
                "color": "DARK_BLUE",
                "mode": "FAST",
                "switch": "off",
                "home": "/tmp",
                "password": "geheim",
                "retry": {"max-attempts": "5", "delay": "500ms"},
                "servers": [{"host": "a"}, {"host": "b", "port": "81"}],
                "hosts": "a, b",
                "byName": {"Main": {"host": "m"}},
                "levels": {"sql.engine": "INFO", "app": {"web": "DEBUG"}},
                "backup": {"host": "x"},
                "anything": {"some-key": [1, {"x": 2}]},
            }
        }
    ).bind(Shop)
    assert shop == Shop(
        open=True,
        price=2.5,
        size=DataSize(10240),
        color=Color.DARK_BLUE,
        mode="fast",
        switch=False,
        home=Path("/tmp"),
        password=Secret("geheim"),
        retry=Retry(5, timedelta(milliseconds=500)),
        servers=[Server("a"), Server("b", 81)],
        hosts=("a", "b"),
        by_name={"Main": Server("m")},
        levels={"sql.engine": "INFO", "app.web": "DEBUG"},
        backup=Server("x"),
        anything={"some-key": [1, {"x": 2}]},
    )


def test_the_environment_fills_every_kind_of_field_without_an_entry_in_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "SIZE": "2",
        "RETRY_MAX_ATTEMPTS": "7",
        "SERVERS_0_HOST": "a",
        "SERVERS_1_HOST": "b",
        "SERVERS_1_PORT": "81",
        "HOSTS_0": "x",
        "BY_NAME_EU_WEST_HOST": "eu",
        "LEVELS_MY_APP": "DEBUG",
        "LEVELS_SQL__ENGINE": "INFO",
        "BACKUP_HOST": "z",
    }.items():
        monkeypatch.setenv(f"PYFLY_SHOP_{name}", value)
    shop = Config({}).bind(Shop)
    assert shop == Shop(
        size=DataSize(2),
        retry=Retry(7),
        servers=[Server("a"), Server("b", 81)],
        hosts=("x",),
        by_name={"eu_west": Server("eu")},
        levels={"my_app": "DEBUG", "sql.engine": "INFO"},
        backup=Server("z"),
    )


def test_a_variable_of_a_whole_list_replaces_the_list_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SHOP_HOSTS", "x,y")
    assert Config({"shop": {"hosts": ["a", "b", "c"]}}).bind(Shop).hosts == ("x", "y")


def test_a_nested_section_keeps_the_defaults_of_its_field_for_what_is_not_set() -> None:
    assert Config({"shop": {"retry": {"delay": 5}}}).bind(Shop).retry == Retry(9, timedelta(seconds=5))


def test_placeholders_are_replaced_before_conversion() -> None:
    data = {
        "base": {"attempts": 4},
        "shop": {"retry": {"max-attempts": "${base.attempts}"}, "hosts": ["${x:h}"]},
    }
    shop = Config(data).bind(Shop)
    assert (shop.retry.max_attempts, shop.hosts) == (4, ("h",))


def test_null_keeps_the_default() -> None:
    assert Config({"shop": {"name": None, "retry": None, "hosts": None}}).bind(Shop) == Shop()


def test_all_errors_of_a_class_come_together_with_key_place_and_expectation(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(
        "app.yaml",
        """\
        shop:
          name: x
          size: big
          color: green
          password: [a]
          retry: 3
          servers:
            - port: 0
          by-name: text
        """,
    )
    monkeypatch.setenv("PYFLY_SHOP_OPEN", "perhaps")
    with pytest.raises(ConfigurationErrors) as raised:
        Config.from_file(path, load_defaults=False).bind(Shop)
    found = [(e.key, e.origin.rpartition("/")[2], e.expected.split(" (")[0]) for e in raised.value.errors]
    assert found == [
        ("shop.name", "app.yaml:2", "at least 2 long"),
        ("shop.open", "environment variable PYFLY_SHOP_OPEN", "true or false"),
        ("shop.size", "app.yaml:3", "a size such as 10KB, 5MB or 1GB"),
        ("shop.color", "app.yaml:4", "one of red, dark-blue"),
        ("shop.password", "app.yaml:5", "text"),
        ("shop.retry", "app.yaml:6", "a section with the keys of Retry"),
        ("shop.servers.0.host", "", "text"),
        ("shop.servers.0.port", "app.yaml:8", "at least 1"),
        ("shop.by-name", "app.yaml:9", "a section with keys and values"),
    ]
    diagnosis = diagnose(raised.value)
    assert diagnosis is not None
    assert diagnosis.what == "9 settings of Shop (shop) cannot be used."
    assert len(diagnosis.why) == 9


def test_a_secret_never_appears_in_an_error() -> None:
    @config_properties("db")
    @dataclass
    class Database:
        password: int = 0
        url: int = 0

    with pytest.raises(ConfigurationErrors) as raised:
        Config({"db": {"password": "canary", "url": "postgresql://u:canary@h/d"}}).bind(Database)
    assert "canary" not in f"{raised.value} {diagnose(raised.value)}"


def test_a_required_field_that_is_not_set_says_how_to_set_it() -> None:
    @config_properties("mail")
    @dataclass
    class Mail:
        smtp_host: str

    with pytest.raises(ConfigurationErrors) as raised:
        Config({}).bind(Mail)
    assert raised.value.errors[0].fix == (
        "Set mail.smtp-host in pyfly.yaml, or the environment variable PYFLY_MAIL_SMTP_HOST, to text."
    )


def test_a_class_without_prefix_is_refused_unless_one_is_given() -> None:
    with pytest.raises(ValueError, match="no prefix"):
        Config({}).bind(Retry)
    assert Config({"a": {"max_attempts": 1}}).bind(Retry, prefix="a") == Retry(1)


def test_a_class_may_refuse_its_own_values() -> None:
    @config_properties("span")
    @dataclass
    class Span:
        low: int = 0
        high: int = 1

        def __post_init__(self) -> None:
            if self.low > self.high:
                raise ValueError("low should not be above high")

    with pytest.raises(ConfigurationErrors, match="low should not be above high"):
        Config({"span": {"low": 2}}).bind(Span)


class Inner(BaseModel):
    wait: timedelta = timedelta(seconds=1)
    count: Annotated[int, Ge(1)] = 1


@config_properties("model")
class Model(BaseModel):
    site: AnyUrl = AnyUrl("http://localhost")
    key_name: str = Field(default="k", alias="keyName")
    size: DataSize = DataSize(1)
    token: Secret = Secret("")
    inner: Inner = Inner()
    limit: int = Field(default=1, ge=1, le=5)

    @field_validator("key_name")
    @classmethod
    def _known(cls, value: str) -> str:
        if value == "forbidden":
            raise ValueError("this name is taken")
        return value


def test_pydantic_models_are_filled_like_dataclasses() -> None:
    model = Config(
        {
            "model": {
                "site": "https://example.org/x",
                "key-name": "n",
                "size": "1KB",
                "token": "t",
                "inner": {"wait": "2m"},
                "limit": "3",
            }
        }
    ).bind(Model)
    assert (str(model.site), model.key_name, model.size, model.token.reveal()) == (
        "https://example.org/x",
        "n",
        1024,
        "t",
    )
    assert (model.inner.wait, model.inner.count, model.limit) == (timedelta(minutes=2), 1, 3)


def test_what_a_pydantic_model_refuses_is_reported_with_key_and_origin() -> None:
    with pytest.raises(ConfigurationErrors) as raised:
        Config({"model": {"limit": 9, "inner": {"count": 0}}}).bind(Model)
    assert sorted(error.key for error in raised.value.errors) == ["model.inner.count", "model.limit"]
    with pytest.raises(ConfigurationErrors) as raised:
        Config({"model": {"key-name": "forbidden"}}).bind(Model)
    assert [(error.key, error.origin) for error in raised.value.errors] == [("model.key-name", "the program")]


def test_a_type_that_cannot_be_configured_is_an_error_not_a_crash() -> None:
    class Opaque: ...

    @config_properties("odd")
    @dataclass
    class Odd:
        value: Opaque | None = None

    with pytest.raises(ConfigurationErrors, match="a type that configuration can hold"):
        Config({"odd": {"value": 1}}).bind(Odd)


def test_a_subclass_uses_the_prefix_of_its_base() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Special(Shop):
        extra: int = 0

    assert Config({"shop": {"extra": 2}}).bind(Special).extra == 2


def test_an_empty_list_in_a_file_replaces_the_list_of_the_framework(tmp_path: Path) -> None:
    (tmp_path / "pyfly.yaml").write_text("pyfly:\n  actuator:\n    expose: []\n", encoding="utf-8")
    assert Config.from_sources(tmp_path, []).bind(ActuatorProperties).expose == []


def test_a_variable_reaches_a_section_that_is_set_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config.from_sources(tmp_path, [])
    assert config.bind(ContextProperties) == ContextProperties()
    monkeypatch.setenv("PYFLY_CONTEXT_SHUTDOWN_TIMEOUT", "7s")
    assert config.bind(ContextProperties).shutdown_timeout == timedelta(seconds=7)
    with config.overridden({"pyfly.context.shutdown-timeout": "9s"}):
        assert config.bind(ContextProperties).shutdown_timeout == timedelta(seconds=9)


def test_classes_of_earlier_versions_are_filled_with_what_ships(tmp_path: Path) -> None:
    from pyfly.config.properties import WebProperties as EarlierWebProperties

    assert EarlierWebProperties().port == 8000
    assert Config.from_sources(tmp_path, []).bind(EarlierWebProperties).port == 8080
