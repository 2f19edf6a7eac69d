"""The adapter as a program meets it: what is on standard output, and what other handlers see."""

import contextlib
import io
import json
import logging
from typing import Any

import pytest
import structlog

from pyfly.kernel.lifecycle import Lifecycle
from pyfly.logging import LoggingPort, LoggingSettingError, StructlogAdapter
from tests.logging.conftest import Configure, Values

Capture = pytest.CaptureFixture[str]


def lines(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_adapter_is_a_logging_port_and_nothing_with_a_method_missing_is() -> None:
    assert isinstance(StructlogAdapter(), LoggingPort)
    assert not isinstance(Lifecycle, LoggingPort)


def test_structlog_and_the_standard_library_give_the_same_line(configure: Configure, capsys: Capture) -> None:
    adapter = configure(format="json")
    adapter.get_logger("shop").info("order placed", order=5)
    structlog.stdlib.get_logger("shop").info("order placed", order=5)
    logging.getLogger("shop").info("order placed", extra={"order": 5})
    written = lines(capsys)
    assert len(written) == 3
    for line in written:
        del line["timestamp"]
    assert written[0] == written[1] == written[2]


def test_positional_arguments_bound_fields_and_context_variables_reach_the_line(
    configure: Configure, capsys: Capture
) -> None:
    logger = configure(format="json").get_logger("shop").bind(tenant="eu")
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        logger.info("order %d placed", 5)
    (line,) = lines(capsys)
    assert (line["event"], line["tenant"], line["request_id"]) == ("order 5 placed", "eu", "r1")


def test_the_traceback_of_a_failure_is_in_the_json_line(configure: Configure, capsys: Capture) -> None:
    logger = configure(format="json").get_logger("shop")
    try:
        raise KeyError("sku")
    except KeyError:
        logger.exception("lookup failed")
    (line,) = lines(capsys)
    assert (line["level"], line["event"]) == ("error", "lookup failed")
    assert line["exception"].endswith("KeyError: 'sku'")


def test_levels_hold_for_the_root_and_for_single_modules(configure: Configure, capsys: Capture) -> None:
    adapter = configure(format="json", level={"root": "WARNING", "shop.orders": "DEBUG"})
    adapter.get_logger("shop").info("quiet")
    adapter.get_logger("shop.orders").debug("loud")
    adapter.set_level("shop", "info")
    adapter.get_logger("shop").info("now heard")
    adapter.set_level("root", "ERROR")
    adapter.get_logger("other").warning("quiet")
    assert [line["event"] for line in lines(capsys)] == ["loud", "now heard"]


def test_a_disabled_call_does_not_even_build_its_message(configure: Configure) -> None:
    rendered: list[str] = []

    class Costly:
        def __str__(self) -> str:
            rendered.append("costly")
            return "costly"

    logger = configure(level="INFO").get_logger("shop")
    logger.debug("value %s", Costly())
    assert rendered == []
    logger.info("value %s", Costly())
    assert rendered == ["costly"]


def test_an_unknown_level_is_an_error_and_changes_nothing(configure: Configure) -> None:
    adapter = configure(level={"shop": "ERROR"})
    with pytest.raises(LoggingSettingError, match="VERBOSE"):
        adapter.configure(Values({"pyfly.logging.level": {"root": "DEBUG", "shop": "VERBOSE"}}))
    with pytest.raises(LoggingSettingError, match="the level of logger 'shop'"):
        adapter.set_level("shop", "loud")
    assert logging.getLogger("shop").level == logging.ERROR
    assert logging.getLogger().level == logging.INFO


def test_configuring_again_replaces_format_and_levels_for_loggers_already_in_use(
    configure: Configure, capsys: Capture
) -> None:
    logger = configure(level={"root": "INFO", "shop": "DEBUG"}).get_logger("shop")
    logger.debug("first")
    configure(format="json")
    logger.debug("dropped, the level of shop is gone")
    logger.info("second")
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("[shop] first")
    assert json.loads(second)["event"] == "second"


def test_handlers_of_other_programs_stay_and_see_readable_messages(
    configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    others = list(logging.getLogger().handlers)
    logger = configure().get_logger("shop")
    configure()
    logger.warning("order %d late", 5, customer="Ann")
    assert caplog.messages == ["order 5 late"]
    assert [handler for handler in logging.getLogger().handlers if handler in others] == others
    assert len(logging.getLogger().handlers) == len(others) + 1


def test_the_call_site_of_a_record_is_the_caller(
    configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    configure().get_logger("shop.callsite").warning("late")
    assert caplog.records[0].pathname == __file__


def test_output_follows_a_redirected_standard_output(configure: Configure, capsys: Capture) -> None:
    logger = configure(format="json").get_logger("shop")
    elsewhere = io.StringIO()
    with contextlib.redirect_stdout(elsewhere):
        logger.info("there")
    logger.info("here")
    assert json.loads(elsewhere.getvalue())["event"] == "there"
    assert [line["event"] for line in lines(capsys)] == ["here"]


@pytest.mark.parametrize(
    ("settings", "environment", "colored"),
    [
        ({}, {}, True),
        ({"pyfly.profiles.active": "production"}, {}, False),
        ({}, {"NO_COLOR": "1"}, False),
        ({}, {"TERM": "dumb"}, False),
        ({"pyfly.logging.color": "always"}, {"NO_COLOR": "1"}, True),
        ({"pyfly.logging.color": "never"}, {}, False),
    ],
    ids=str,
)
def test_colour_auto_needs_a_willing_terminal_outside_production(
    settings: dict[str, str],
    environment: dict[str, str],
    colored: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    adapter = StructlogAdapter()
    adapter.configure(Values(settings))
    adapter.get_logger("shop").info("hello")
    assert ("\x1b[" in capsys.readouterr().out) is colored
