"""Logging that is put back after each test, and settings without a configuration file."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from pyfly.logging.structlog_adapter import StructlogAdapter


class Values(dict[str, Any]):
    """Settings by their full key."""


Configure = Callable[..., StructlogAdapter]


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def configure() -> Configure:
    """Configure an adapter from keyword arguments, such as ``format="json"``, below ``pyfly.logging``."""

    def apply(**settings: Any) -> StructlogAdapter:
        adapter = StructlogAdapter()
        adapter.configure(Values({f"pyfly.logging.{key}": value for key, value in settings.items()}))
        return adapter

    return apply
