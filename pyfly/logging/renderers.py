"""The formats of a log line.

Whatever a message or a field contains, one record stays one record: characters that end a line,
steer a terminal or reorder text are written as escapes. In ``console``, the lines of a traceback
are marked, so that none can pass for a record.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, time
from operator import itemgetter
from typing import Any, Final

from pyfly.kernel.record import Record
from pyfly.logging.entry import Entry, Shape, Values, utc

Renderer = Callable[[Entry], str]
Writer = Callable[[float, Values], str]
"""Makes lines of one shape: of the seconds since the epoch and the values of the fields."""

# C0 and C1 controls without the tab, line and paragraph separators, bidirectional controls, lone surrogates.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NEEDS_QUOTES: Final = re.compile(r"[\s\"=]").search
_TRACE_MARK: Final = "    | "
_RESET, _DIM, _KEY = "\x1b[0m", "\x1b[2m", "\x1b[36m"
_LEVEL_COLORS: Final = {"DEBUG": "\x1b[34m", "INFO": "\x1b[32m", "WARNING": "\x1b[33m"}
_ALARM: Final = "\x1b[1;31m"


def renderer(name: str, *, colored: bool = False, service: str = "") -> Renderer:
    """Return the renderer of the format *name*, one of ``console json ecs logstash``."""
    if name == "json":
        return render_json
    if name == "ecs":
        return EcsRenderer(service)
    if name == "logstash":
        return render_logstash
    return ConsoleRenderer(colored=colored)


def writer_of(render: Renderer, shape: Shape) -> Writer:
    """Return what makes the lines of *shape*, the same ones as *render* does of their entries."""
    if not isinstance(render, ConsoleRenderer) or render.colored or len(shape.texts) < 2:
        return lambda created, values: render(shape.entry(created, values))
    start = f" {shape.level:<8} [{shape.logger}] {shape.message}".replace("%", "%%")
    form = f"%s{start}" + "".join(f" {name}=%s" for name in shape.names)
    texts_of = itemgetter(*shape.texts)

    def write(created: float, values: Values) -> str:
        texts = texts_of(values)
        said = "".join(texts)
        # No white space but the blank is printable. What is empty is quoted, too.
        if " " in said or "=" in said or '"' in said or "" in texts or not said.isprintable():
            return render(shape.entry(created, values))
        return form % (utc(created), *values)

    return write


class ConsoleRenderer(Record):
    """Lines for people: time, level, logger, message, then ``key=value``."""

    colored: bool = False

    def __call__(self, entry: Entry) -> str:
        """Return the line of *entry*, followed by its marked traceback if it has one."""
        if not self.colored and not entry.trace:
            line = f"{entry.timestamp} {entry.level:<8} [{entry.logger}] {entry.message}"
            for key, value in entry.fields.items():
                line += f" {key}={_quoted(value)}"
            if line.isprintable():  # whatever has to be escaped is not printable
                return line
        return self._escaped(entry)

    def _escaped(self, entry: Entry) -> str:
        level_color = _LEVEL_COLORS.get(entry.level, _ALARM if entry.level_value >= 40 else "")
        parts = [
            self._paint(_DIM, entry.timestamp),
            self._paint(level_color, f"{_escaped(entry.level):<8}"),
            f"[{_escaped(entry.logger)}]",
            _escaped(entry.message),
            *(
                f"{self._paint(_KEY, _escaped(key))}={_escaped(_quoted(value))}"
                for key, value in entry.fields.items()
            ),
        ]
        trace = [f"{_TRACE_MARK}{_escaped(line)}" for line in entry.trace.split("\n") if entry.trace]
        return "\n".join([" ".join(parts), *trace])

    def _paint(self, color: str, text: str) -> str:
        return f"{color}{text}{_RESET}" if self.colored and color else text


def render_json(entry: Entry) -> str:
    """Return one JSON object with the names that structlog uses."""
    own = {
        "timestamp": entry.timestamp,
        "level": entry.level.lower(),
        "logger": entry.logger,
        "event": entry.message,
    }
    if entry.trace:
        own["exception"] = entry.trace
    return _json(own, entry.fields)


class EcsRenderer(Record):
    """JSON in the Elastic Common Schema."""

    service: str = ""

    def __call__(self, entry: Entry) -> str:
        """Return one JSON object with ECS field names; trace ids go where ECS wants them."""
        own: dict[str, object] = {
            "@timestamp": entry.timestamp,
            "ecs.version": "8.11.0",
            "log.level": entry.level,
            "log.logger": entry.logger,
            "message": entry.message,
            "process.pid": entry.process,
            "process.thread.name": entry.thread,
        }
        if self.service:
            own["service.name"] = self.service
        if entry.error is not None:
            own["error.type"] = f"{type(entry.error).__module__}.{type(entry.error).__qualname__}"
            own["error.message"] = _text(entry.error)
        if entry.trace:
            own["error.stack_trace"] = entry.trace
        return _json(own, {_ECS_NAMES.get(name, name): value for name, value in entry.fields.items()})


def render_logstash(entry: Entry) -> str:
    """Return one JSON object in the layout of Logstash's JSON encoders."""
    own: dict[str, object] = {
        "@timestamp": entry.timestamp,
        "@version": "1",
        "message": entry.message,
        "logger_name": entry.logger,
        "thread_name": entry.thread,
        "level": entry.level,
        "level_value": entry.level_value,
    }
    if entry.trace:
        own["stack_trace"] = entry.trace
    return _json(own, entry.fields)


_ECS_NAMES: Final = {"trace_id": "trace.id", "span_id": "span.id", "transaction_id": "transaction.id"}


def _json(own: Mapping[str, object], fields: Mapping[str, object]) -> str:
    if own.keys().isdisjoint(fields):
        body = {**own, **fields}
    else:
        body = {**own, **{f"{name}_" if name in own else name: value for name, value in fields.items()}}
    try:
        text = _encode(body)
    except (TypeError, ValueError, RecursionError):
        # Keys that are no text, NaN and cycles: rare, and a log call must not fail for them.
        text = json.dumps(
            {_text(name): _representable(value) for name, value in body.items()}, ensure_ascii=False
        )
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _representable(value: object) -> object:
    try:
        return json.loads(json.dumps(value, default=_plain, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return _text(value)


def _plain(value: Any) -> object:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value, key=_text)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return _text(value)


# Made once: json.dumps makes an encoder for every call that has options.
_encode: Final = json.JSONEncoder(default=_plain, ensure_ascii=False, allow_nan=False).encode


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - the object's own code; a log call must not fail for it
        return f"<unprintable {type(value).__qualname__}>"


def _escaped(text: object) -> str:
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), _text(text))


def _quoted(value: object) -> str:
    if type(value) is int or type(value) is float:
        return str(value)
    text = value if type(value) is str else _text(value)
    if text and not _NEEDS_QUOTES(text):
        return text
    return '"' + text.replace('"', '\\"') + '"'
