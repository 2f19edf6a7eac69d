"""Connections that tests do not give back, in a project of their own."""

from pathlib import Path

from tests.testing.test_pytest_plugin import SHARED, Project

TESTS = """
import pytest
from pyfly.core import pyfly_application
from pyfly.data import DataSource
from pyfly.testing import PyFlyTest

@pyfly_application(name="books", scan_packages=["books"])
class Books: ...

SETTINGS = {"pyfly.data.url": "sqlite:///books.db"}
pytestmark = pytest.mark.pyfly(app=Books, properties=SETTINGS)
kept = []

async def test_keeps_one(pyfly_app):
    kept.append(await pyfly_app.get_bean(DataSource).engine.connect())

async def test_gives_it_back(pyfly_app):
    await kept.pop().close()
    async with pyfly_app.get_bean(DataSource).engine.connect():
        pass

async def test_stops_without_giving_it_back():
    async with PyFlyTest(Books, properties=SETTINGS) as app:
        connection = await app.get_bean(DataSource).engine.connect()
    await connection.invalidate()
    await connection.close()
"""


def test_a_test_that_keeps_a_connection_fails_and_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "__init__.py").touch()
    output = Project(tmp_path, TESTS, SHARED).run()
    assert "2 passed" in output or "3 passed" in output, output
    assert "ERROR test_shop.py::test_keeps_one" in output, output
    assert "FAILED test_shop.py::test_stops_without_giving_it_back" in output, output
    assert "has been in use" in output
    assert "was never given back" in output
    assert "in test_keeps_one" in output
