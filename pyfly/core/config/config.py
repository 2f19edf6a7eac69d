"""The configuration of one application, as everything else sees it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Final, TypeVar, overload

from pyfly.core.config.declaration import prefix_of
from pyfly.core.config.keys import Key, parse_key
from pyfly.core.config.records import PropertyMetadata, RenamedKey, Setting, UnknownKey
from pyfly.core.config.shipped import is_shipped
from pyfly.core.config.snapshot import Layer, Snapshot, layer_of, snapshot_of
from pyfly.core.config.tree import Items, Leaf, Tree, leaves, plain, tree_of
from pyfly.core.config.view import View
from pyfly.kernel.record import RecordType

T = TypeVar("T")
_ROOT: Final = Tree({}, {})
_EMPTY: Final = Snapshot(_ROOT, {"": _ROOT})


class Config:
    """Settings by dotted key, merged from all layers, with the environment read live.

    From weakest to strongest: framework defaults, files, profile files, imports, ``.env``, environment,
    command line, overrides of a test. Any spelling of a key will do.
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Hold *data* alone, without defaults and files; the environment still applies."""
        layers = [layer_of("", tree_of(data, "the program"))] if data else []
        self._snapshot = snapshot_of(layers) if layers else _EMPTY
        self._load: Callable[[], Snapshot] | None = None
        self._environment = _variables()
        self._overrides: ContextVar[Snapshot | None] | None = None

    @classmethod
    def from_sources(
        cls,
        base_dir: str | os.PathLike[str],
        active_profiles: Sequence[str] | None = None,
        load_defaults: bool = True,  # noqa: FBT001, FBT002 - the published signature
        *,
        args: Sequence[str] = (),
    ) -> Config:
        """Load the application directory *base_dir*.

        Args:
            base_dir: Holds ``pyfly.yaml`` or ``pyfly.toml``, ``config/``, profile files and ``.env``.
            active_profiles: Instead of what ``pyfly.profiles.active`` says.
            load_defaults: Whether to start from the framework's defaults.
            args: The command line; ``--key=value`` settings win over the environment.
        """
        from pyfly.core.config.loading import directory_sources, load  # not needed by Config({})

        sources = directory_sources(base_dir, active_profiles, defaults=load_defaults, arguments=args)
        return cls._loaded(lambda: load(sources))

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        active_profiles: Sequence[str] | None = None,
        load_defaults: bool = True,  # noqa: FBT001, FBT002 - the published signature
        *,
        args: Sequence[str] = (),
    ) -> Config:
        """Load one file with its profile overlays; ``pyfly.*`` stands for its whole directory.

        A file that does not exist is an empty one.
        """
        from pyfly.core.config.loading import file_sources, load  # not needed by Config({})

        sources = file_sources(path, active_profiles, defaults=load_defaults, arguments=args)
        return cls._loaded(lambda: load(sources))

    @property
    def loaded_sources(self) -> list[str]:
        """The files that were read, in merge order."""
        return list(self._snapshot.sources)

    @property
    def active_profiles(self) -> tuple[str, ...]:
        """The active profiles, members of groups included, in the order of their precedence."""
        from pyfly.core.config.loading import active_profiles  # needs no file, but lives with the loader

        return self._snapshot.profiles if self._load is not None else active_profiles(self._view())

    @property
    def renamed_keys(self) -> tuple[RenamedKey, ...]:
        """The keys that were found under a name of an earlier version."""
        return self._snapshot.renamed

    @overload
    def get(self, key: str, default: Any = None) -> Any: ...
    @overload
    def get(self, key: str, default: T, *, type: type[T]) -> T: ...
    @overload
    def get(self, key: str, default: None = None, *, type: type[T]) -> T | None: ...
    def get(self, key: str, default: Any = None, *, type: Any = None) -> Any:
        """Return the value of *key*, or *default* when it is not set or null.

        Without *type*, a value from the environment is the raw text; with it, every value is
        converted as in typed binding.

        Raises:
            ConfigurationError: The value is not of *type*, or a placeholder in it cannot be replaced.
        """
        if type is not None:
            from pyfly.core.config.binding import bind_key  # typed access is not needed to read texts

            return bind_key(self._view(), key, type, default)
        value = self._view().value(parse_key(key))
        return default if value is None else value

    def get_section(self, prefix: str) -> dict[str, Any]:
        """Return everything below *prefix* as nested data, the environment included."""
        return self._view().section(parse_key(prefix))

    def contains(self, key: str) -> bool:
        """Return whether *key* has a value that is not null."""
        return self._view().value(parse_key(key)) is not None

    def origin(self, key: str) -> str:
        """Return where *key* was set (``pyfly.yaml:3``, a variable), or ``""`` when it is not."""
        return self._view().origin(parse_key(key))

    def keys(self) -> tuple[str, ...]:
        """Return the canonical keys of all values in the files, sorted."""
        return tuple(sorted(key for key, leaf in leaves(self._current().root) if leaf.value is not None))

    def settings(self, prefix: str = "", known: Iterable[PropertyMetadata] = ()) -> list[Setting]:
        """Return every key at or below *prefix* that has a value, with where it was set; secrets are masked.

        Args:
            prefix: A key or section; everything when empty.
            known: Keys that are listed even if the environment alone sets them.
        """
        from pyfly.core.config.listing import settings_of  # for those who show configuration to people

        return settings_of(self._view(), self._current().root, prefix, known)

    def bind(self, cls: type[T], prefix: str | None = None) -> T:
        """Return an instance of *cls* filled from its section; fields that are not set keep their defaults.

        Args:
            cls: A dataclass or pydantic model, usually decorated with ``@config_properties``.
            prefix: The section, for a class without the decorator.

        Raises:
            ValueError: The class has no prefix and none was given.
            ConfigurationErrors: Fields cannot be filled; all of them are in ``errors``.
        """
        section = prefix or prefix_of(cls)
        ours = isinstance(cls, RecordType) and cls.__module__.startswith("pyfly.")
        if section is not None and self._is_untouched(parse_key(section), ours=ours):
            with suppress(TypeError, ValueError):  # there are required fields: the binder names them
                return cls()
        from pyfly.core.config.binding import bind_class  # the binder is not needed to read texts

        return bind_class(self._view(), cls, prefix)

    def resolve_placeholders(self, text: str) -> str:
        """Return *text* with every ``${key:default}`` replaced.

        Raises:
            ConfigurationError: A key is not set and has no default, or the keys lead in a circle.
        """
        value = self._view().resolve(text)
        return str(value).lower() if isinstance(value, bool) else str(value)

    def says_nothing(self, *sections: str) -> bool:
        """Return whether no file, argument or override sets anything, nor a variable anything in *sections*.

        The defaults that the framework ships do not count.
        """
        root = self._current().root
        return is_shipped(root) and all(self._is_untouched(parse_key(each), ours=True) for each in sections)

    def unknown_keys(self, known: Iterable[str | PropertyMetadata]) -> list[UnknownKey]:
        """Return what is set but not among *known*: keys, patterns with ``*`` and ``**``, or metadata.

        Below ``pyfly.`` every key must be known; elsewhere only near misses are reported.
        """
        from pyfly.core.config.unknown import unknown_among, unknown_variables  # only asked once, at start

        patterns = [entry if isinstance(entry, str) else entry.key for entry in known]
        values = [(key, leaf.origin) for key, leaf in leaves(self._current().root) if leaf.value is not None]
        return [*unknown_among(values, patterns), *unknown_variables([key for key, _ in values], patterns)]

    @contextmanager
    def overridden(self, values: Mapping[str, Any]) -> Iterator[None]:
        """Let *values* win over everything else inside the ``with`` statement.

        They are seen by this task or thread and by tasks that it starts; others are not affected.
        """
        current = self._current()
        layer = layer_of("", tree_of(values, "an override"))
        changed = snapshot_of([Layer("", current.root)], pinned=layer)
        merged = Snapshot(
            changed.root,
            changed.nodes,
            current.sources,
            current.profiles,
            current.pinned | changed.pinned,
            current.variables,
            current.renamed,
        )
        if self._overrides is None:
            self._overrides = ContextVar("pyfly-config-overrides", default=None)
        token = self._overrides.set(merged)
        try:
            yield
        finally:
            self._overrides.reset(token)

    def refresh(self, accept: Callable[[Config], object] | None = None) -> tuple[str, ...]:
        """Read all sources again, swap the whole view at once, and return the keys that changed.

        A source that cannot be read leaves everything as it was.

        Args:
            accept: Called with the new values, if any differ, before they count; what it raises leaves
                everything as it was, too.
        """
        candidate = Config()
        candidate._load, candidate._overrides = self._load, self._overrides
        candidate._snapshot = self._load() if self._load is not None else self._snapshot
        changed = self._differences(candidate)
        if changed and accept is not None:
            accept(candidate)
        self._snapshot, self._environment = candidate._snapshot, candidate._environment
        return changed

    def _differences(self, other: Config) -> tuple[str, ...]:
        """Return the keys that have another value, or another variable, in *other*."""
        previous, current = self._snapshot, other._snapshot
        before, after = self._environment, other._environment
        changed = {
            key for key in (previous.nodes.keys() | current.nodes.keys()) if _differs(previous, current, key)
        }
        names = {name for name in (before.keys() | after.keys()) if before.get(name) != after.get(name)}
        return tuple(sorted(changed | _keys_of(names, current)))

    @classmethod
    def _loaded(cls, load: Callable[[], Snapshot]) -> Config:
        config = cls()
        config._load = load
        config._snapshot = load()
        return config

    def _is_untouched(self, section: Key, *, ours: bool) -> bool:
        """Say whether nothing is set in *section*, so that the defaults of its class are its values.

        What the framework ships does not count for a class that is *ours*: both say the same.
        """
        snapshot = self._current()
        node = snapshot.nodes.get(section.canonical)
        if node is not None and not (ours and is_shipped(node)):
            return False
        heads = tuple(f"{name}_" for name in section.variables)
        return not any(name.startswith(heads) for name in (*os.environ, *snapshot.variables))

    @staticmethod
    def _load_framework_defaults() -> dict[str, Any]:
        from pyfly.core.config.loading import framework_defaults  # reading files is not needed by Config({})

        return dict(plain(framework_defaults().tree))

    @staticmethod
    def _deep_merge(base: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
        merged = dict(base)
        for key, value in override.items():
            present = merged.get(key)
            if isinstance(present, Mapping) and isinstance(value, Mapping):
                merged[key] = Config._deep_merge(present, value)
            else:
                merged[key] = value
        return merged

    def _current(self) -> Snapshot:
        return (self._overrides.get() if self._overrides is not None else None) or self._snapshot

    def _view(self) -> View:
        return View(self._current(), os.environ)


def _variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("PYFLY_")}


def _differs(previous: Snapshot, current: Snapshot, key: str) -> bool:
    before, after = previous.nodes.get(key), current.nodes.get(key)
    if isinstance(before, Tree) or isinstance(after, Tree):
        return False
    if isinstance(before, Items | None) and isinstance(after, Items | None):
        return False
    return (before.value if isinstance(before, Leaf) else None) != (
        after.value if isinstance(after, Leaf) else None
    )


def _keys_of(names: set[str], snapshot: Snapshot) -> set[str]:
    known = {key for key in snapshot.nodes if key and names.intersection(parse_key(key).variables)}
    taken = {name for key in known for name in parse_key(key).variables}
    return known | {
        "pyfly." + name.removeprefix("PYFLY_").lower().replace("_", ".") for name in names - taken
    }
