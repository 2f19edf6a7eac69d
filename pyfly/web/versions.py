"""Versions of an API: their form, their order, and which of them a handler is for."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from pyfly.container.metadata import record, record_at
from pyfly.kernel.record import Record

T = TypeVar("T", bound=Callable[..., Any])

_FORM: Final = re.compile(r"[0-9]{1,9}(?:[.-][0-9]{1,9}){0,4}", re.ASCII).fullmatch

Version = tuple[int, ...]


class Span(NamedTuple):
    """One version, or it and all later ones."""

    first: Version
    is_open: bool


Versions = tuple[Span, ...]


def parsed(text: str) -> Version | None:
    """Return the version that *text* means, or ``None``; ``2`` and ``2.0`` are the same."""
    if not _FORM(text):
        return None
    numbers = [int(part) for part in re.split("[.-]", text)]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def versions(given: str | Sequence[str]) -> Versions:
    """Return what a mapping says.

    Raises:
        ValueError: One of them is not a version.
    """
    found = []
    for text in [given] if isinstance(given, str) else given:
        version = parsed(text.removesuffix("+"))
        if version is None:
            raise ValueError(f"{text!r} is not a version: write 2, 1.5, 2026-05-01, or 2+")
        found.append(Span(version, text.endswith("+")))
    return tuple(found)


def nearest(spans: Iterable[tuple[int, Versions]], wanted: Version) -> int | None:
    """Return the number of what is meant for *wanted*: exactly, else from the latest one before it, else for all."""
    best: tuple[Version, int] | None = None
    for number, candidates in spans:
        if not candidates:
            best = best or ((), number)
        for span in candidates:
            if span.first == wanted:
                return number
            if span.is_open and span.first < wanted and (best is None or span.first > best[0]):
                best = span.first, number
    return None if best is None else best[1]


class VersionRecord(Record):
    """The versions that a handler, or all handlers of a controller, are for."""

    versions: Versions = ()


def api_version(version: str | Sequence[str]) -> Callable[[T], T]:
    """Let the decorated handler, or all handlers of a controller, answer for *version* only.

    ``"2"`` is that version, ``"2+"`` that one and all later ones for which there is nothing nearer; several may be
    given. A version consists of numbers and dots, or is a date (``2026-05-01``).

    Raises:
        ValueError: *version* is not a version.
        TypeError: There is no version: the parentheses are missing.
    """
    if isinstance(version, type) or callable(version):
        raise TypeError('@api_version takes a version: write @api_version("2") with parentheses')
    found = versions(version)

    def decorate(target: T) -> T:
        record(target, VersionRecord, versions=found)
        return target

    return decorate


def versions_of(controller: type, name: str) -> Versions:
    """Return the versions that the method *name* of *controller* is for; none means all."""
    said = record_at(controller, name, VersionRecord)
    return said.versions if said is not None else ()
