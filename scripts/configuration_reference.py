"""Writes what follows from the configuration keys: docs/reference/configuration.md and pyfly/resources/defaults.py.

The page comes from the properties classes, the module from pyfly-defaults.yaml. ``python scripts/configuration_reference.py``
writes both, with ``--check`` it only tells whether they are current.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pyfly.core.config import config_schema
from pyfly.core.config.reference import framework_properties
from pyfly.core.config.shipped import compiled
from pyfly.core.config.yaml_reader import read_yaml

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "configuration.md"
DEFAULTS = ROOT / "pyfly-defaults.yaml"
MODULE = ROOT / "pyfly" / "resources" / "defaults.py"

HEAD = """\
# Configuration keys

<!-- Written by scripts/configuration_reference.py; edit the properties classes instead. -->

Every key that the framework reads, with its default. Each key is also an environment variable: `pyfly.web.max-body-size` is
`PYFLY_WEB_MAX_BODY_SIZE`, and `--pyfly.web.max-body-size=5MB` on the command line. How the sources are layered is told in
[the guide](../guides/configuration.md). Durations are written `500ms`, `30s`, `2m`, `1h`; sizes `10KB`, `5MB`.
`<name>` stands for a name of your own.
"""

# Sections of a document, which say when it applies; no settings.
NO_SETTINGS = ("pyfly.config.activate",)


def main(arguments: list[str]) -> int:
    """Write or check the page and the module; return the exit code."""
    stale = [path for path, text in texts().items() if not path.is_file() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.name} is not current: run {Path(__file__).name}", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(texts()[path], encoding="utf-8")
    return 0


def texts() -> dict[Path, str]:
    """Return what the files should say."""
    return {MODULE: module_text(), PAGE: rendered()}


def module_text() -> str:
    """Return the module of the defaults."""
    (tree,) = read_yaml(DEFAULTS.read_text(encoding="utf-8"), DEFAULTS.name)
    head = '"""What pyfly-defaults.yaml says. Written by scripts/configuration_reference.py; edit the YAML file instead."""'
    data = "\n".join(_literal(compiled(tree), "    "))
    return f"{head}\n\nfrom typing import Any, Final\n\nDEFAULTS: Final[dict[str, Any]] = {data}\n"


# Of the longest list that stands on one line; any other breaks like the formatter would break it.
_WIDTH = 90


def _literal(value: Any, indent: str) -> list[str]:
    if isinstance(value, dict):
        inner = [
            line
            for key, each in value.items()
            for line in _joined(f"{indent}{json.dumps(key)}: ", _literal(each, indent + "    "))
        ]
        return ["{", *inner, indent[4:] + "}"]
    if isinstance(value, list | tuple):
        opened, closed = "[]" if isinstance(value, list) else "()"
        each_own_line = [line for each in value for line in _joined(indent, _literal(each, indent + "    "))]
        if len(indent) + sum(map(len, each_own_line)) - len(indent) * len(value) > _WIDTH:
            return [opened, *each_own_line, indent[4:] + closed]
        return [f"{opened}{', '.join(''.join(_literal(each, indent)) for each in value)}{closed}"]
    return [json.dumps(value) if isinstance(value, str) else repr(value)]


def _joined(start: str, lines: list[str]) -> list[str]:
    whole = [start + lines[0], *lines[1:]]
    return [*whole[:-1], whole[-1] + ","]


def rendered() -> str:
    """Return the text of the page."""
    sections: dict[str, list[str]] = {}
    for key, schema in sorted(_keys(config_schema(framework_properties()), "")):
        if key.startswith(NO_SETTINGS):
            continue
        sections.setdefault(".".join(key.split(".")[:2]), []).append(_row(key, schema))
    return HEAD + "".join(_table(section, rows) for section, rows in sections.items())


def _table(section: str, rows: list[str]) -> str:
    return f"\n## {section}\n\n| key | value | default | meaning |\n|---|---|---|---|\n" + "".join(rows)


def _keys(schema: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, inner in schema.get("properties", {}).items():
        yield from _entry(inner, f"{prefix}.{name}" if prefix else name)


def _entry(schema: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if schema.get("properties"):
        yield from _keys(schema, key)
        return
    each = schema.get("additionalProperties")
    if each is None:
        yield key, schema
    elif each.get("properties"):
        yield from _keys(each, f"{key}.<name>")
    else:
        yield f"{key}.<name>", {**each, "description": schema.get("description", "")}


def _row(key: str, schema: dict[str, Any]) -> str:
    meaning = schema.get("description", "").replace("|", "\\|")
    return f"| `{key}` | {_value(schema)} | {_default(key)} | {meaning} |\n"


def _default(key: str) -> str:
    found: Any = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    for segment in key.removesuffix(".<name>").split("."):
        if not isinstance(found, dict) or segment not in found:
            return ""
        found = found[segment]
    if found in ("", [], {}):
        return ""
    return f"`{_written(found)}`"


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_written(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return value if isinstance(value, str) else json.dumps(value)


_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true`, `false`"}


def _value(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "anyOf" in schema:
        return ", ".join(_value(each) for each in schema["anyOf"])
    if "format" in schema:
        return "duration" if "30s" in schema["format"] else "size"
    if schema.get("type") == "array":
        return "list"
    return _WORDS.get(schema.get("type", ""), "") + _limits(schema)


def _limits(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f", at least {low}" if low is not None else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
