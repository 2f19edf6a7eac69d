"""``dbenv:``: databases described by environment variables of an older kind become data sources.

``DB_HOST``, ``DB_NAME`` and so on describe the default data source, ``ANALYTICS_DB_HOST`` and so on the one
called ``analytics``; ``DATABASE_URL`` and ``ANALYTICS_DATABASE_URL`` give an address in one piece.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyfly.core.config.errors import ImportNotFoundError
from pyfly.core.config.imports import ImportContext, register_import_resolver
from pyfly.core.config.snapshot import Layer
from pyfly.core.config.tree import Leaf, empty_tree, graft

_DEFAULT: Final = "default"
# The first variable that is set counts.
_NAMES: Final = {
    "url": ("DB_URL", "DATABASE_URL"),
    "engine": ("DB_ENGINE", "DB_DRIVER", "DB_TYPE"),
    "host": ("DB_HOST",),
    "port": ("DB_PORT",),
    "name": ("DB_NAME", "DB_DATABASE"),
    "user": ("DB_USER", "DB_USERNAME"),
    "password": ("DB_PASS", "DB_PASSWORD"),
    "mode": ("DB_MODE",),
    "echo": ("DB_ECHO",),
    "pool.max-size": ("DB_POOL_SIZE", "DB_POOL_MAX"),
    "pool.min-size": ("DB_POOL_MIN",),
    "pool.warm-up": ("DB_POOL_WARMUP",),
    "pool.recycle": ("DB_POOL_RECYCLE",),
    "pool.acquire-timeout": ("DB_POOL_TIMEOUT",),
    "pool.connect-timeout": ("DB_CONNECT_TIMEOUT",),
    "slow-query-threshold": ("DB_SLOW_QUERY_THRESHOLD",),
}
_ONLY_DEFAULT: Final = ("slow-query-threshold",)


class DbEnvImport:
    """``dbenv:`` for the default data source, ``dbenv:DEV,ANALYTICS`` for others, ``dbenv:default,DEV`` for both."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """Read *environment*."""
        self._environment = environment

    def load(self, location: str, context: ImportContext) -> Iterable[Layer]:
        """Return one layer with the data sources of *location*.

        Raises:
            ImportNotFoundError: No variable describes one of them.
        """
        root = empty_tree()
        for written in location.split(",") if location.strip() else [_DEFAULT]:
            name = written.strip()
            found = list(self._settings(name))
            if not found:
                raise _nothing(name)
            for key, value, variable in found:
                graft(root, f"pyfly.data.{self._section(name)}{key}", Leaf(value, variable))
        return [Layer(f"dbenv:{location}", root)]

    @staticmethod
    def _section(name: str) -> str:
        lowered = name.lower().replace("_", "-")
        return "" if lowered == _DEFAULT else f"datasources.{lowered}."

    def _settings(self, name: str) -> Iterator[tuple[str, str, str]]:
        is_default = name.lower() == _DEFAULT
        prefix = "" if is_default else f"{name.upper().replace('-', '_')}_"
        for key, variables in _NAMES.items():
            if key in _ONLY_DEFAULT and not is_default:
                continue
            for variable in (prefix + each for each in variables):
                value = self._environment.get(variable, "").strip()
                if value:
                    yield _meant(key, value), value, variable
                    break


def _meant(key: str, value: str) -> str:
    """Return the key that *value* is for: more than one connection to open is a number, not a switch."""
    is_number = key == "pool.warm-up" and value.isdigit() and int(value) > 1
    return "pool.min-size" if is_number else key


def _nothing(name: str) -> ImportNotFoundError:
    variable = "DB_URL" if name.lower() == _DEFAULT else f"{name.upper().replace('-', '_')}_DB_URL"
    return ImportNotFoundError(
        f"No environment variable describes the data source '{name}'",
        key="pyfly.config.import",
        fix=f"Set {variable} (or ..._HOST, ..._NAME and so on), or write 'optional:' before 'dbenv:'.",
    )


register_import_resolver("dbenv", DbEnvImport())
