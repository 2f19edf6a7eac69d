"""T59: a setting that cannot be used stops the start with its key and its place, quickly, without a secret."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from time import perf_counter

import pytest

from pyfly.core.failure import failure_report
from tests.faults.applications import Written, written
from tests.faults.conftest import Tally
from tests.faults.fault_rows import IMPORTS

pytestmark = [pytest.mark.timed, pytest.mark.timeout(20)]

SECRET = "hunter2"
SECONDS = 1.0
CODE = (
    IMPORTS
    + """
from typing import Literal
from pyfly.core.config import DataSize, Secret


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, kw_only=True)
class Limits:
    most: int = 10
    patience: timedelta = timedelta(seconds=1)


@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class ShopProperties:
    currency: str
    count: int = 1
    rate: float = 1.0
    is_open: bool = True
    wait_time: timedelta = timedelta(seconds=1)
    page_size: DataSize = DataSize("1KB")
    colour: Colour = Colour.RED
    mode: Literal["fast", "slow"] = "fast"
    floors: list[int] = None
    limits: Limits = Limits()
    at_least_one: Annotated[int, Ge(1)] = 1
    api_token: Secret = None
    pin_code: int = 1


@service
class Shop:
    def __init__(self, properties: ShopProperties) -> None: ...
"""
)
FIXED = "pyfly:\n  banner:\n    mode: 'OFF'\n  config:\n    strict: true\n"


@dataclass(frozen=True)
class Case:
    """One configuration with one fault in it, and what the report has to name."""

    name: str
    shop: str = ""
    """The lines below ``shop:`` in ``pyfly.yaml``."""
    key: str = ""
    place: str = ""
    """The line of the file to be named, marked in the text, unless it is another source."""
    top: str = ""
    currency: str = "EUR"
    profile: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        currency = f"currency: {self.currency}\n" if self.currency else ""
        shop = _indented(currency + self.shop)
        return f"{FIXED}{self.top}" + (f"shop:\n{shop}" if shop else "")

    def place_in(self, application: Written) -> str:
        return self.place or application.place()


BAD_VALUES = {
    "count": ("many", "1.5", "0x1g", "'1 000'", "yes", "[1, 2]", "1e400", "''"),
    "rate": ("fast", "'1,5'", "1e", "{a: 1}", "yes"),
    "is-open": ("maybe", "2", "'on off'", "[true]"),
    "wait-time": ("soon", "3 parsecs", "10x", "'-'", "'1h 5q'"),
    "page-size": ("big", "10 bananas", "'1.5.2MB'", "-5"),
    "colour": ("blue", "1", "'r e d'"),
    "mode": ("medium", "0", "FASTER"),
    "floors": ("[1, two]", "[[1]]", "'1,x'"),
    "limits.most": ("lots", "1.25", "'12 a'"),
    "limits.patience": ("never", "1w2", "5 moons"),
    "at-least-one": ("0", "-7", "none"),
}
SPELLINGS: dict[str, Callable[[str], str]] = {
    "kebab": lambda segment: segment,
    "snake": lambda segment: segment.replace("-", "_"),
    "camel": lambda segment: "".join(
        word.title() if n else word for n, word in enumerate(segment.split("-"))
    ),
}


def wrong_types() -> Iterator[Case]:
    """Every bad value, in the file, in a profile's file, in the environment and on the command line."""
    for (key, values), (spelling, spell) in product(BAD_VALUES.items(), SPELLINGS.items()):
        if spelling != "kebab" and "-" not in key:
            continue
        for value in values:
            yield Case(
                f"{spelling} {key}={value}", shop=_nested(spell(key), f"{value}  # here"), key=f"shop.{key}"
            )
    for key, values in BAD_VALUES.items():
        for value in (each.strip("'") for each in values if not each.startswith(("[", "{"))):
            variable = f"PYFLY_SHOP_{key.replace('-', '_').replace('.', '_').upper()}"
            yield Case(f"env {key}={value}", key=f"shop.{key}", place=variable, environment={variable: value})
            argument = f"--shop.{key}={value}"
            yield Case(
                f"argument {key}={value}", key=f"shop.{key}", place=f"--shop.{key}", arguments=(argument,)
            )
        for value in values:
            yield Case(
                f"profile {key}={value}",
                top="  profiles:\n    active: eu\n",
                profile=f"shop:\n{_indented(_nested(key, value))}",
                key=f"shop.{key}",
                place=f"pyfly-eu.yaml:{2 + key.count('.')}",
            )


def unknown_keys() -> Iterator[Case]:
    """Keys that nobody reads, in all spellings of the mistake."""
    for key, meant in [
        ("pyfly.web.prt", "pyfly.web.port"),
        ("pyfly.wbe.port", "pyfly.web.port"),
        ("pyfly.context.start-timeuot", "pyfly.context.start-timeout"),
        ("pyfly.contxt.stop-timeout", "pyfly.context.stop-timeout"),
        ("pyfly.logging.frmat", "pyfly.logging.format"),
        ("pyfly.banner.mod", "pyfly.banner.mode"),
        ("pyfly.app.nmae", "pyfly.app.name"),
        ("pyfly.data.pool-sise", "pyfly.data.pool-size"),
        ("pyfly.web.bsae-path", "pyfly.web.base-path"),
        ("pyfly.actuator.exposed", "pyfly.actuator.expose"),
        ("shop.curency", "shop.currency"),
        ("shop.wait-tme", "shop.wait-time"),
        ("shop.limits.mots", "shop.limits.most"),
        ("shop.colur", "shop.colour"),
    ]:
        for nested in (True, False):
            if nested and key.startswith("shop."):
                yield Case(f"unknown {key}", shop=_nested(key.removeprefix("shop."), "1  # here"), key=key)
            elif not nested:
                yield Case(f"unknown {key}, in one line", top=f"{key}: 1  # here\n", key=key)
        yield Case(f"unknown {key}, suggestion", top=f"{key}: 2  # here\n", key=meant)


def missing() -> Iterator[Case]:
    """A setting without default that nobody sets, or sets to nothing."""
    for other in (
        "",
        "count: 3",
        "rate: 2",
        "limits: {most: 3}",
        "currency:",
        "currency: null",
        "currency: ~",
    ):
        yield Case(
            f"missing, beside '{other}'", shop=other, currency="", key="shop.currency", place="ShopProperties"
        )


def duplicates() -> Iterator[Case]:
    for key, (first, second) in product(
        ("count", "wait-time", "limits", "is-open"),
        (("kebab", "kebab"), ("snake", "kebab"), ("camel", "snake"), ("kebab", "camel")),
    ):
        if first != second and "-" not in key:
            continue
        value = "{}" if key == "limits" else "1"
        lines = f"{SPELLINGS[first](key)}: {value}\n{SPELLINGS[second](key)}: {value}  # here"
        yield Case(f"twice {key}, {first} and {second}", shop=lines, key=SPELLINGS[second](key))


def placeholders() -> Iterator[Case]:
    for length in range(1, 13):
        ring = [f"link{number}" for number in range(length)]
        lines = [f"{one}: ${{shop.ring.{two}}}" for one, two in zip(ring, [*ring[1:], ring[0]], strict=True)]
        text = "ring:\n" + _indented("\n".join(lines)) + "mode: ${shop.ring.link0}  # here"
        yield Case(f"circle of {length}", shop=text, key="shop.ring.link0", place="pyfly.yaml:")
    for key, value in [
        ("colour", "${shop.currency}"),
        ("count", "${nowhere.at.all:many}"),
        ("wait-time", "${shop.currency} hours"),
        ("limits.most", "${shop.mode:lots}"),
    ]:
        yield Case(f"placeholder {key}={value}", shop=_nested(key, f"{value!r}  # here"), key=f"shop.{key}")
    for key, value, named in [
        ("mode", "${nowhere.at.all}", "nowhere.at.all"),
        ("mode", "${nowhere.${shop.currency}}", "nowhere.EUR"),
        ("count", "${nowhere.at.all}", "nowhere.at.all"),
        ("wait-time", "in ${nowhere.at.all}", "nowhere.at.all"),
        ("limits.most", "${nowhere.at.all}", "nowhere.at.all"),
        ("colour", "${mode", "${mode"),
    ]:
        yield Case(f"placeholder {key}={value}", shop=_nested(key, f"{value!r}  # here"), key=named)


def malformed() -> Iterator[Case]:
    for name, text in [
        ("open list", "list: [1, 2\nnext: 3"),
        ("open text", "text: 'abc\nnext: 3"),
        ("tab", "a:\n\tb: 1"),
        ("two values", "a: b: c"),
        ("unknown alias", "a: *nobody"),
        ("python tag", "a: !!python/object/apply:os.system ['true']"),
        ("own tag", "a: !secret x"),
        ("set", "a: !!set {x, y}"),
        ("date that is none", "a: 2024-13-45"),
        ("list as key", "? [1, 2]\n: 3"),
        ("merge of a text", "<<: text"),
        ("list at the top", "- a\n- b"),
        ("anchor without a value", "a: &b *b"),
        ("deep nesting", "a: " + "[" * 200 + "]" * 200),
    ]:
        yield Case(f"malformed, {name}", top=text + "\n", shop="", place="pyfly.yaml:")
    yield Case("malformed, control character", top="a: \x07\n", place="pyfly.yaml")
    for name, width in product(("list", "mapping"), (10, 50)):
        lines = ["a0: &a0 [x, x]" if name == "list" else "a0: &a0 {k: x}"]
        for level in range(1, 20):
            inner = ", ".join(
                [f"*a{level - 1}"] * width
                if name == "list"
                else [f"k{n}: *a{level - 1}" for n in range(width)]
            )
            lines.append(f"a{level}: &a{level} " + (f"[{inner}]" if name == "list" else f"{{{inner}}}"))
        yield Case(f"billion laughs, {name} of {width}", top="\n".join(lines) + "\n", place="pyfly.yaml:")


def secrets() -> Iterator[Case]:
    """Faults of secret settings: the report names the key and never the value."""
    for value in (SECRET, f"{SECRET}-{SECRET}", f"'{SECRET} and more'"):
        yield Case(f"secret {value} in the file", shop=f"pin-code: {value}  # here", key="shop.pin-code")
        yield Case(
            f"secret {value} in the environment",
            key="shop.pin-code",
            place="PYFLY_SHOP_PIN_CODE",
            environment={"PYFLY_SHOP_PIN_CODE": value},
        )
        yield Case(
            f"secret {value} as argument",
            key="shop.pin-code",
            place="--shop.pin-code",
            arguments=(f"--shop.pin-code={value}",),
        )
    for key in ("count", "rate", "wait-time", "colour"):
        url = f"postgresql://shop:{SECRET}@db/shop"
        yield Case(f"address with a password as {key}", shop=f"{key}: {url}  # here", key=f"shop.{key}")
    for key in ("api-token", "api_token"):
        yield Case(f"secret twice, {key}", shop=f"api-token: {SECRET}\n{key}: {SECRET}  # here", key=key)
    yield Case("secret under an unknown key", shop=f"api-tokn: {SECRET}  # here", key="shop.api-token")


def _nested(key: str, value: str) -> str:
    """Return *key*, dots taken apart, with *value* on its last line."""
    first, _, rest = key.partition(".")
    return f"{first}:\n{_indented(_nested(rest, value))}".rstrip() if rest else f"{first}: {value}"


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


CASES = [
    *wrong_types(), *unknown_keys(), *missing(), *duplicates(), *placeholders(), *malformed(), *secrets(),
]  # fmt: skip


def test_there_are_three_hundred_cases() -> None:
    assert len(CASES) >= 300
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
async def test_a_wrong_setting_refuses_the_start(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    tally: Tally,
) -> None:
    for variable, value in case.environment.items():
        monkeypatch.setenv(variable, value)
    if case.profile:
        (tmp_path / "pyfly-eu.yaml").write_text(case.profile, encoding="utf-8")
    with written(tmp_path, CODE, case.text) as application:
        began = perf_counter()
        with pytest.raises(Exception) as refused:
            await started(application, case.arguments)
        seconds = perf_counter() - began
        place = case.place_in(application)
    printed = capsys.readouterr()
    report = printed.err or failure_report(refused.value)
    assert case.key in report, report
    assert place in report, report
    for text in (report, str(refused.value), printed.out, caplog.text):
        assert SECRET not in text
    assert seconds <= SECONDS
    tally(1, 1)


async def started(application: Written, arguments: tuple[str, ...]) -> None:
    await application.build(arguments).startup()
