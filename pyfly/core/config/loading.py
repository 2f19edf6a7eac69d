"""From a directory to a snapshot: which files are read, in which order, for which profiles."""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyfly.core.config.dotenv import read_dotenv
from pyfly.core.config.files import SUFFIXES, display, read_documents, read_text
from pyfly.core.config.imports import ImportContext, imported_locations, load_import
from pyfly.core.config.keys import canonical_key, parse_key
from pyfly.core.config.profiles import ACTIVE, DEFAULT, GROUP, accepts_profiles, expand_groups, profile_names
from pyfly.core.config.shipped import DEFAULTS_FILE, shipped_tree
from pyfly.core.config.snapshot import Layer, Snapshot, layer_of, snapshot_of
from pyfly.core.config.tree import Leaf, Tree, detach, empty_tree, graft, plain, tree_of
from pyfly.core.config.view import View
from pyfly.kernel.record import Record

_MAX_IMPORTS: Final = 100


class Sources(Record):
    """Where one configuration comes from; kept so that it can be read again.

    Attributes:
        base: The directory for ``.env`` and relative imports.
        files: Pairs of a directory and a file stem with its suffixes, weakest first.
        profiles: The profiles asked for by the caller, or ``None`` to let the configuration say.
    """

    base: Path
    files: tuple[tuple[Path, str, tuple[str, ...]], ...]
    profiles: tuple[str, ...] | None
    defaults: bool
    arguments: tuple[str, ...]


class _Document(Record):
    path: Path
    layer: Layer
    condition: str


def directory_sources(
    base: str | os.PathLike[str], profiles: Iterable[str] | None, *, defaults: bool, arguments: Sequence[str]
) -> Sources:
    """Return the sources of an application directory: ``config/pyfly.*``, then ``pyfly.*``."""
    place = Path(base)
    files = ((place / "config", "pyfly", SUFFIXES), (place, "pyfly", SUFFIXES))
    return Sources(place, files, None if profiles is None else tuple(profiles), defaults, tuple(arguments))


def file_sources(
    path: str | os.PathLike[str], profiles: Iterable[str] | None, *, defaults: bool, arguments: Sequence[str]
) -> Sources:
    """Return the sources of one named file and its overlays; ``pyfly.*`` stands for its whole directory."""
    place = Path(path)
    if place.is_dir() or place.stem == "pyfly":
        base = place if place.is_dir() else place.parent
        return directory_sources(base, profiles, defaults=defaults, arguments=arguments)
    files = ((place.parent, place.stem, (place.suffix,)),)
    return Sources(
        place.parent, files, None if profiles is None else tuple(profiles), defaults, tuple(arguments)
    )


def load(sources: Sources) -> Snapshot:
    """Read everything that *sources* name and merge it.

    Raises:
        ConfigurationError: A file is malformed, breaks a limit, or an import is missing.
    """
    weakest = [framework_defaults()] if sources.defaults else []
    pinned = argument_layer(sources.arguments)
    base = [document for path in _paths(sources, "") for document in _documents(path, display(path))]
    certain = [*weakest, *(document.layer for document in base if not document.condition)]
    variables = _dotenv(sources, View(snapshot_of(certain, pinned=pinned), os.environ))
    early = View(snapshot_of(certain, pinned=pinned, variables=variables), os.environ)
    profiles = active_profiles(early, sources.profiles)
    overlays = [
        document
        for profile in profiles
        for path in _paths(sources, f"-{profile}")
        for document in _documents(path, f"{display(path)} (profile: {profile})")
    ]
    chosen = [document for document in (*base, *overlays) if _applies(document, profiles)]
    layers = [*weakest, *(document.layer for document in chosen)]
    layers += _imports(chosen, layers, profiles, variables)
    if sources.profiles is not None:
        layers.append(
            layer_of("", tree_of({ACTIVE: ",".join(sources.profiles)}, "the caller's choice of profiles"))
        )
    names = dict.fromkeys(name for name in _names(weakest, base, overlays, layers) if name)
    return snapshot_of(layers, pinned=pinned, variables=variables, profiles=profiles, sources=tuple(names))


def active_profiles(view: View, asked: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the active profiles with the members of the groups among them."""
    names = profile_names(asked if asked is not None else view.value(parse_key(ACTIVE)))
    names = names or profile_names(view.value(parse_key(DEFAULT)))
    return expand_groups(names, lambda name: view.value(parse_key(f"{GROUP}.{name}")))


@lru_cache(maxsize=1)
def framework_defaults() -> Layer:
    """Return the defaults that ship with the framework."""
    return layer_of(DEFAULTS_FILE, shipped_tree())


def argument_layer(arguments: Sequence[str]) -> Layer | None:
    """Return the ``--key=value`` settings among *arguments*; ``--key`` alone means ``true``."""
    root = empty_tree()
    for argument in arguments:
        name, equals, value = argument.removeprefix("--").partition("=")
        if argument.startswith("--") and name:
            leaf = Leaf(value if equals else "true", f"command line --{name}")
            graft(root, canonical_key(name), leaf)
    return layer_of("command line", root) if root.nodes else None


def _paths(sources: Sources, infix: str) -> list[Path]:
    return [
        path
        for directory, stem, suffixes in sources.files
        for suffix in suffixes
        if (path := directory / f"{stem}{infix}{suffix}").is_file()
    ]


def _documents(path: Path, name: str) -> list[_Document]:
    return [_document(path, name, tree) for tree in read_documents(path)]


def _document(path: Path, name: str, tree: Tree) -> _Document:
    node = detach(tree, "pyfly.config.activate.on-profile")
    value = plain(node) if node is not None else ""
    condition = "|".join(profile_names(value)) if isinstance(value, list) else str(value or "")
    return _Document(path, layer_of(name, tree), condition)


def _applies(document: _Document, profiles: Sequence[str]) -> bool:
    return not document.condition or accepts_profiles(document.condition, profiles)


def _dotenv(sources: Sources, view: View) -> dict[str, str]:
    value = view.value(parse_key("pyfly.config.dotenv"))
    name = ".env" if value is None or value is True else str(value or "")
    path = sources.base / name
    if not name or name.lower() == "false" or not path.is_file():
        return {}
    return read_dotenv(read_text(path), display(path))


def _imports(
    documents: Sequence[_Document],
    layers: Sequence[Layer],
    profiles: tuple[str, ...],
    variables: dict[str, str],
) -> list[Layer]:
    queue = [(document.layer.tree, document.path.parent) for document in documents]
    found: list[Layer] = []
    seen: set[tuple[Path, str]] = set()
    while queue:
        tree, base = queue.pop(0)
        view = View(snapshot_of([*layers, *found], variables=variables), os.environ)
        context = ImportContext(base, profiles, lambda key, view=view: view.value(parse_key(key)))  # type: ignore[misc]
        for location in imported_locations(tree, view.resolve):
            if (base, location) in seen or len(seen) >= _MAX_IMPORTS:
                continue
            seen.add((base, location))
            for layer in _imported(location, context):
                found.append(layer)
                queue.append((layer.tree, _directory(location, base)))
    return found


def _imported(location: str, context: ImportContext) -> list[Layer]:
    documents = [_document(context.base, layer.name, layer.tree) for layer in load_import(location, context)]
    return [document.layer for document in documents if _applies(document, context.profiles)]


def _directory(location: str, base: Path) -> Path:
    place = location.removeprefix("optional:").removeprefix("file:")
    return (base / place).parent


def _names(
    weakest: list[Layer], base: list[_Document], overlays: list[_Document], layers: list[Layer]
) -> Iterable[str]:
    yield from (layer.name for layer in weakest)
    yield from (document.layer.name for document in (*base, *overlays))
    yield from (layer.name for layer in layers)
