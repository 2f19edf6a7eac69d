"""Applications of a few controllers, and clients that call them in process."""

from typing import Any

import httpx

from pyfly.container.container import Container
from pyfly.web.adapters.starlette.technology import STARLETTE
from pyfly.web.assembly import Assembly, Options, assemble
from pyfly.web.properties import WebProperties


def container_of(*classes: type) -> Container:
    container = Container()
    for cls in classes:
        container.register(cls)
    return container


def assembled(container: Container, properties: WebProperties | None = None, **options: Any) -> Assembly:
    return assemble(container, properties or WebProperties(), Options(technology=STARLETTE, **options))


def client_of(
    *classes: type,
    properties: WebProperties | None = None,
    container: Container | None = None,
    **options: Any,
) -> httpx.AsyncClient:
    """Return a client of an application made of *classes*."""
    assembly = assembled(container or container_of(*classes), properties, **options)
    return client_for(assembly.dispatch)


def client_for(app: Any) -> httpx.AsyncClient:
    """Return a client that calls *app* without a network."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
