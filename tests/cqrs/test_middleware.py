import logging
from typing import Any

import pytest

from pyfly.cqrs import Command
from pyfly.cqrs.middleware import LoggingMiddleware, MetricsMiddleware, RetryMiddleware, ValidationMiddleware
from pyfly.kernel.exceptions import ConflictException, ForbiddenException, ValidationException
from pyfly.resilience.retry import Retry


class Ping(Command[str]): ...


async def answer(message: Any) -> str:
    return "pong"


class InfoOnly:
    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def info(self, text: str, **said: Any) -> None:
        self.lines.append((text, said))


class FullLogger(InfoOnly):
    def warning(self, text: str, **said: Any) -> None:
        self.lines.append(("warning: " + text, said))

    def error(self, text: str, **said: Any) -> None:
        self.lines.append(("error: " + text, said))


def failing(failure: BaseException) -> Any:
    async def fail(message: Any) -> None:
        raise failure

    return fail


async def test_a_message_is_logged_by_its_type_with_its_duration() -> None:
    log = InfoOnly()
    assert await LoggingMiddleware(logger=log).handle(Ping(), answer) == "pong"
    assert [text for text, _ in log.lines] == ["Handling Ping", "Completed Ping"]
    assert all(said["message_type"] == "Ping" for _, said in log.lines)
    assert log.lines[1][1]["duration_ms"] >= 0


@pytest.mark.parametrize("expected", [ConflictException("taken"), ForbiddenException("taken")])
async def test_what_the_caller_did_wrong_is_a_warning_without_traceback(expected: Exception) -> None:
    log = FullLogger()
    with pytest.raises(type(expected)):
        await LoggingMiddleware(log).handle(Ping(), failing(expected))
    text, said = log.lines[-1]
    assert text == "warning: Refused Ping: taken"
    assert said["error"] == type(expected).__name__
    assert "exc_info" not in said


async def test_anything_else_is_an_error_with_traceback() -> None:
    log, failure = FullLogger(), LookupError("secret")
    with pytest.raises(LookupError):
        await LoggingMiddleware(log).handle(Ping(), failing(failure))
    text, said = log.lines[-1]
    assert text == "error: Failed Ping"
    assert said["exc_info"] is failure


async def test_failures_reach_a_logger_that_has_nothing_but_info() -> None:
    log = InfoOnly()
    with pytest.raises(LookupError):
        await LoggingMiddleware(log).handle(Ping(), failing(LookupError()))
    assert log.lines[-1][0] == "Failed Ping"


async def test_without_a_logger_it_logs_to_that_of_the_package(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "pyfly.cqrs"), pytest.raises(LookupError):
        await LoggingMiddleware().handle(Ping(), failing(LookupError("boom")))
    begun, failed = caplog.records
    assert (begun.levelname, begun.getMessage()) == ("INFO", "Handling Ping")
    assert (failed.levelname, failed.getMessage()) == ("ERROR", "Failed Ping")
    assert failed.exc_info is not None


class Counter:
    def __init__(self) -> None:
        self.count = 0

    def inc(self) -> None:
        self.count += 1


class CountersOnly:
    def __init__(self) -> None:
        self.known: dict[str, Counter] = {}

    def counter(self, name: str, description: str) -> Counter:
        return self.known.setdefault(name, Counter())


class Observed:
    def __init__(self) -> None:
        self.labelled: list[tuple[str, ...]] = []

    def labels(self, *values: str) -> "Observed":
        self.labelled.append(values)
        return self

    def observe(self, seconds: float) -> None: ...


class Registry(CountersOnly):
    def __init__(self) -> None:
        super().__init__()
        self.seconds = Observed()

    def histogram(self, name: str, description: str, labels: list[str]) -> Observed:
        assert (name, labels) == ("cqrs_message_seconds", ["message", "outcome"])
        return self.seconds


async def test_messages_are_counted_in_a_registry_that_has_counters_only() -> None:
    registry = CountersOnly()
    middleware = MetricsMiddleware(registry=registry)  # type: ignore[arg-type]  # the published form
    await middleware.handle(Ping(), answer)
    await middleware.handle(Ping(), answer)
    assert registry.known["cqrs_messages_total"].count == 2


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [(ConflictException("taken"), "refused"), (LookupError(), "error"), (KeyboardInterrupt(), "cancelled")],
)
async def test_the_duration_is_recorded_by_outcome(failure: BaseException, outcome: str) -> None:
    registry = Registry()
    middleware = MetricsMiddleware(registry)
    await middleware.handle(Ping(), answer)
    with pytest.raises(type(failure)):
        await middleware.handle(Ping(), failing(failure))
    assert registry.seconds.labelled == [("Ping", "success"), ("Ping", outcome)]


async def test_without_a_registry_nothing_is_recorded() -> None:
    assert await MetricsMiddleware().handle(Ping(), answer) == "pong"


async def test_an_invalid_message_does_not_reach_its_handler() -> None:
    class Refusing:
        async def validate_object(self, value: object) -> None:
            raise ValidationException("wrong")

    with pytest.raises(ValidationException, match="wrong"):
        await ValidationMiddleware(Refusing()).handle(Ping(), failing(AssertionError()))


async def test_a_failure_is_tried_again_as_the_policy_says() -> None:
    failures = [ConflictException("once"), ConflictException("twice")]

    async def flaky(message: Any) -> str:
        if failures:
            raise failures.pop()
        return "pong"

    middleware = RetryMiddleware(Retry(3, delay=0, retry_on=(ConflictException,)))
    assert await middleware.handle(Ping(), flaky) == "pong"
