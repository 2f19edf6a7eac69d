"""What is set, key by key: the value that counts, fit to be shown, and where it comes from."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pyfly.core.config.errors import ConfigurationError
from pyfly.core.config.keys import below, child, parse_key, variable_name
from pyfly.core.config.masking import MASK, is_secret_key, mask
from pyfly.core.config.records import PropertyMetadata, Setting
from pyfly.core.config.tree import Tree, plain
from pyfly.core.config.view import View


class _Entry(NamedTuple):
    key: str
    value: Any
    origin: str
    written: object


def settings_of(view: View, root: Tree, prefix: str, known: Iterable[PropertyMetadata]) -> list[Setting]:
    """Return what *view* says about every key at or below *prefix*, masked, sorted by key.

    Args:
        view: The files together with the environment.
        root: The files.
        prefix: A key or section in any spelling; everything when empty.
        known: Keys that the environment alone may set; those of type ``Secret`` are masked.
    """
    known = list(known)
    keys = sorted({*_keys(root, ""), *(entry.key for entry in known if "*" not in entry.key)})
    found = [*(_read(view, key) for key in keys), *_other_variables(view, keys)]
    secret = {entry.key for entry in known if "Secret" in entry.type}
    secret |= {entry.key for entry in found if is_secret_key(entry.key)}
    hidden = {str(entry.value) for entry in found if entry.key in secret and entry.value}
    return [
        Setting(
            entry.key, MASK if entry.key in secret and entry.value else _shown(entry, hidden), entry.origin
        )
        for entry in found
        if entry.value is not None and _within(prefix, entry.key)
    ]


def _keys(node: object, key: str) -> Iterator[str]:
    """The keys of values and of whole lists."""
    if isinstance(node, Tree):
        for segment, inner in node.nodes.items():
            yield from _keys(inner, child(key, segment))
    else:
        yield key


def _read(view: View, text: str) -> _Entry:
    key = parse_key(text)
    node, variable = view.node(key), view.variable(key)
    written = variable.value if variable is not None else plain(node) if node is not None else None
    try:
        value = view.value(key)
    except ConfigurationError:
        value = written  # a placeholder that cannot be replaced must not hide all the other keys
    return _Entry(text, value, view.origin(key), written)


def _other_variables(view: View, keys: Iterable[str]) -> Iterator[_Entry]:
    """Variables that set none of *keys*: those of the application, whose keys only it knows."""
    names = {name for key in keys for name in parse_key(key).variables}
    for name, found in sorted(view.variables()):
        head, _, last = name.rpartition("_")
        if name not in names and not (last.isdigit() and head in names):
            yield _Entry(name, found.value, found.origin, found.value)


def _within(prefix: str, key: str) -> bool:
    wanted = parse_key(prefix).canonical if prefix else ""
    if key.isupper():
        return not wanted or key.startswith(variable_name(wanted))
    return key == wanted or below(wanted, key)


def _shown(entry: _Entry, hidden: set[str]) -> Any:
    # A placeholder may have brought a secret into a value whose own name is harmless.
    if "${" in str(entry.written) and any(secret in str(entry.value) for secret in hidden):
        return MASK
    return mask(entry.key, entry.value)
