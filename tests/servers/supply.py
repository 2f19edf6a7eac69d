"""Where a server of this run came from, and the table that says so at the end."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A server that tests may use."""

    server: str
    source: str
    version: str
    url: str


class MissingServerError(Exception):
    """No server can be had; the message names the command that brings one."""


def table(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the lines of the table 'server, source, version'."""
    cells = [("server", "source", "version"), *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
