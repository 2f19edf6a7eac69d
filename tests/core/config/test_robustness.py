"""Whatever a configuration file holds, it is read or refused with a configuration error."""

import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyfly.core.config import Config, ConfigurationError, ConfigurationErrors, Secret, config_properties
from pyfly.core.config.toml_reader import read_toml
from pyfly.core.config.yaml_reader import read_yaml
from pyfly.kernel.diagnosis import diagnose

_PIECES = (
    *(
        "a: ",
        "b:\n  ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "&x ",
        "*x",
        "<<: ",
        "!!int ",
        "'",
        '"',
        "|\n ",
        "---\n",
        "\n",
        "${",
    ),
    *("1", "true", "null", "2024-01-01", "0o9", "1:2", "? ", ": ", "# ", "\t", "é", "\x07", "%YAML 9\n", "="),
)
_SNIPPETS = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)


@given(_SNIPPETS | st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_yaml_and_toml_or_a_configuration_error(text: str) -> None:
    for reader in (read_yaml, read_toml):
        with suppress(ConfigurationError):
            list(reader(text, "f"))


@given(
    st.lists(st.sampled_from(["${", "}", ":", "a", "b.c", "$", "random.int(", ")", " "]), max_size=20).map(
        "".join
    )
)
@settings(max_examples=300, deadline=None)
def test_any_text_with_placeholders_is_resolved_or_refused(text: str) -> None:
    config = Config({"a": "${b.c}", "b": {"c": "x"}})
    with suppress(ConfigurationError):
        config.resolve_placeholders(text)


NO_SECRET = Secret("")


@dataclass(frozen=True)
class Pool:
    size: int = 1
    wait: timedelta = timedelta(seconds=1)


@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class Shop:
    count: int = 1
    pool: Pool = field(default_factory=Pool)
    hosts: list[int] = field(default_factory=list)
    password: Secret = NO_SECRET
    token_ttl: timedelta = timedelta(seconds=1)


_BAD = {
    "shop:\n  count: {}\n": [
        "many",
        "1.5",
        "[1]",
        "{a: b}",
        "true",
        "''",
        "2024-01-01",
        "1e400",
        "0x",
        "${none}",
    ],
    "shop:\n  pool:\n    wait: {}\n": ["soon", "-1s", "[1]", "{a: b}", "5 parsecs", "''", "true"],
    "shop:\n  hosts: {}\n": ["[a]", "a", "{a: 1}", "[1, [2]]", "[1.5]", "x,y"],
    "shop:\n  token-ttl: {}\n": ["canary", "[canary]", "${canary}", "canary@x"],
    "shop:\n  password: {}\n": ["[canary]", "{canary: canary}"],
    "shop:\n  pool: {}\n": ["1", "text", "[1]", "true"],
    "shop:\n  count: 1\n  count: {}\n": ["1", "2"],
    "shop:\n  x: ${{shop.y}}\n  y: ${{shop.x}}\n  count: ${{shop.x}} # {}\n": [""],
}


@pytest.mark.parametrize(("template", "value"), [(t, v) for t, values in _BAD.items() for v in values])
def test_a_bad_file_is_refused_fast_with_key_or_line_and_without_secrets(
    tmp_path: Path, template: str, value: str
) -> None:
    path = tmp_path / "pyfly.yaml"
    path.write_text(template.format(value), encoding="utf-8")
    begin = time.process_time()
    with pytest.raises(ConfigurationError) as raised:
        Config.from_sources(tmp_path, []).bind(Shop)
    assert time.process_time() - begin < 1
    failure = raised.value
    errors = failure.errors if isinstance(failure, ConfigurationErrors) else (failure,)
    assert all(re.search(r"pyfly\.yaml:\d+", error.origin) for error in errors)
    assert all(error.key for error in errors) or "twice" in str(failure)
    if "${canary}" not in value:
        assert "canary" not in f"{failure} {diagnose(failure)}"
