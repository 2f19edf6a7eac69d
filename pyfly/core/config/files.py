"""Reads configuration files of any format into layers, within a size limit."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyfly.core.config.errors import ConfigurationError
from pyfly.core.config.tree import Tree

MAX_BYTES: Final = 1_000_000
SUFFIXES: Final = (".yaml", ".yml", ".toml")


def read_text(path: Path) -> str:
    """Return the text of *path*.

    Raises:
        ConfigurationError: The file cannot be read, is larger than 1 MB or is no UTF-8 text.
    """
    name = display(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as failure:
        raise ConfigurationError(f"The file cannot be read: {failure.strerror}", origin=name) from failure
    if len(content) > MAX_BYTES:
        raise ConfigurationError("The file is larger than 1 MB", origin=name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError("The file is not UTF-8 text", origin=name) from None


def read_documents(path: Path) -> Iterator[Tree]:
    """Yield the documents of the YAML or TOML file *path* (YAML unless its name ends in ``.toml``)."""
    if path.suffix == ".toml":
        from pyfly.core.config.toml_reader import read_toml  # only for those who use the format

        return read_toml(read_text(path), display(path))
    from pyfly.core.config.yaml_reader import read_yaml  # yaml is a heavy import

    return read_yaml(read_text(path), display(path))


def display(path: Path) -> str:
    """Return *path* as a person would write it: relative when it lies below the current directory."""
    try:
        return os.fspath(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return os.fspath(path)
