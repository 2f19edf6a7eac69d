"""Applications on a database of their own, and a gate between them and the server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyfly.core import PyFlyApplication
from tests.data.document.applications import Build, Library
from tests.data.document.gate import Gate


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(
        app: type = Library, *, data: dict[str, Any] | None = None, **settings: Any
    ) -> PyFlyApplication:
        said = {"banner": {"mode": "OFF"}, "data": {**(data or {}), "document": settings}}
        file = tmp_path / "pyfly.yaml"
        file.write_text(yaml.safe_dump({"pyfly": said}))
        return PyFlyApplication(app, config_path=file)

    return build


@pytest.fixture
async def library(build: Build, mongodb_url: str) -> AsyncIterator[PyFlyApplication]:
    async with build(uri=mongodb_url) as app:
        yield app


@pytest.fixture
async def gate(mongodb_url: str) -> AsyncIterator[Gate]:
    gate = Gate(mongodb_url)
    yield gate
    await gate.close()
