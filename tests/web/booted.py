"""Whole applications of a few classes, started like any other, and a client that calls them in process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from pyfly.core import PyFlyApplication, pyfly_application
from tests.web.support import client_for


@pyfly_application(name="booted", scan_packages=["tests.web.booted"])
class Booted: ...


class Running(NamedTuple):
    """A started application and its client."""

    application: PyFlyApplication
    client: httpx.AsyncClient

    async def document(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        found: dict[str, Any] = (await self.client.get("/openapi.json")).json()
        return found


def application_of(*classes: type, **settings: Any) -> PyFlyApplication:
    """Return an application of *classes*; ``json__naming`` is ``pyfly.web.json.naming``."""
    keys = {key.replace("__", ".").replace("_", "-"): value for key, value in settings.items()}
    arguments = [f"--pyfly.{_section(key)}{key}={value}" for key, value in keys.items()]
    arguments.append("--pyfly.banner.mode=OFF")
    application = PyFlyApplication(Booted, Path(__file__).parent, args=arguments)
    for cls in classes:
        application.context.register_bean(cls)
    return application


def _section(key: str) -> str:
    return "" if key.startswith("actuator.") else "web."


@asynccontextmanager
async def booted(*classes: type, **settings: Any) -> AsyncIterator[Running]:
    """Start an application of *classes*."""
    application = application_of(*classes, **settings)
    async with application, client_for(application.asgi()) as client:
        yield Running(application, client)
