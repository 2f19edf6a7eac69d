"""What ``pyfly.config.import`` brings in: more files, mounted secrets, and whatever resolvers add."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

from pyfly.core.config.errors import ConfigurationError, ImportNotFoundError
from pyfly.core.config.files import display, read_documents, read_text
from pyfly.core.config.snapshot import Layer
from pyfly.core.config.tree import Leaf, Tree, empty_tree, graft
from pyfly.kernel.record import Record

_OPTIONAL: Final = "optional:"


class ImportContext(Record):
    """What a resolver may use to find its source.

    Attributes:
        base: The directory of the file that asked for the import.
        profiles: The active profiles.
        get: Reads a setting of the layers loaded so far.
    """

    base: Path
    profiles: tuple[str, ...]
    get: Callable[[str], object]


class ConfigImportResolver(Protocol):
    """Port: turns one location of ``pyfly.config.import`` into layers."""

    def load(self, location: str, context: ImportContext) -> Iterable[Layer]:
        """Return the layers at *location* (without its scheme), the strongest last.

        Raises:
            ImportNotFoundError: There is nothing at the location; ``optional:`` forgives exactly this.
        """


class FileImport:
    """``file:path`` and plain paths: YAML or TOML, relative to the file that names them."""

    def load(self, location: str, context: ImportContext) -> Iterable[Layer]:
        """Return one layer per document of the file."""
        path = _existing(context.base / location, location)
        return [Layer(display(path), document) for document in read_documents(path)]


class ConfigTreeImport:
    """``configtree:directory``: each file is a key, its text the value, as secrets are mounted."""

    def load(self, location: str, context: ImportContext) -> Iterable[Layer]:
        """Return one layer with a key per file; sub-directories and dots in names are sections."""
        directory = _existing(context.base / location, location)
        root = empty_tree()
        for path in sorted(directory.rglob("*")):
            parts = path.relative_to(directory).parts
            if path.is_file() and not any(part.startswith(".") for part in parts):
                graft(root, ".".join(parts), Leaf(read_text(path).rstrip("\r\n"), display(path)))
        return [Layer(display(directory), root)]


_LATER: Final = {"dbenv": "pyfly.config.dbenv"}
"""Schemes whose modules make themselves known when they are first asked for."""

_resolvers: Final[dict[str, ConfigImportResolver]] = {"file": FileImport(), "configtree": ConfigTreeImport()}


def register_import_resolver(scheme: str, resolver: ConfigImportResolver) -> None:
    """Let *resolver* answer for locations that begin with ``scheme:``."""
    _resolvers[scheme] = resolver


def load_import(location: str, context: ImportContext) -> list[Layer]:
    """Return the layers at *location*; none when it is ``optional:`` and not there.

    Raises:
        ConfigurationError: The scheme is unknown, or the source is there but cannot be read.
    """
    optional = location.startswith(_OPTIONAL)
    place = location.removeprefix(_OPTIONAL)
    scheme, colon, rest = place.partition(":")
    if not colon or "/" in scheme or len(scheme) == 1:
        scheme, rest = "file", place
    if scheme in _LATER and scheme not in _resolvers:
        import_module(_LATER[scheme])
    resolver = _resolvers.get(scheme)
    if resolver is None:
        raise ConfigurationError(
            f"Nothing knows how to import '{location}'",
            key="pyfly.config.import",
            fix=f"Use one of {', '.join(f'{name}:' for name in sorted({*_resolvers, *_LATER}))}.",
        )
    try:
        return list(resolver.load(rest, context))
    except ImportNotFoundError:
        if optional:
            return []
        raise


def imported_locations(tree: Tree, expand: Callable[[str], object]) -> list[str]:
    """Return the locations that *tree* itself asks for, placeholders replaced."""
    node = _at(tree, ("pyfly", "config", "import"))
    if node is None:
        return []
    leaves = [node] if isinstance(node, Leaf) else list(getattr(node, "nodes", ()))
    texts = [str(leaf.value) for leaf in leaves if isinstance(leaf, Leaf) and leaf.value is not None]
    return [str(expand(text)).strip() for text in texts if text.strip()]


def _at(tree: Tree, segments: tuple[str, ...]) -> object:
    node: object = tree
    for segment in segments:
        node = node.nodes.get(segment) if isinstance(node, Tree) else None
    return node


def _existing(path: Path, location: str) -> Path:
    if not path.exists():
        raise ImportNotFoundError(
            f"The imported '{location}' does not exist",
            key="pyfly.config.import",
            fix=f"Create {display(path)}, or write 'optional:' before the location.",
        )
    return path
