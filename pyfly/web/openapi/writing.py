"""Writes the document of an application, with what its settings and beans add."""

from typing import Any

from pydantic_core import to_json

from pyfly.core.config.config import Config
from pyfly.web.conditional.properties import ETagProperties
from pyfly.web.exception_handler import ADVICE
from pyfly.web.openapi.conventions import Conventions
from pyfly.web.openapi.document import Document
from pyfly.web.openapi.generator import OpenAPIGenerator
from pyfly.web.openapi.properties import OpenAPIProperties
from pyfly.web.ports.messages import HttpMessageConverter
from pyfly.web.ports.openapi import OpenAPIContributor


def content_of(document: Document) -> bytes:
    """Return *document* as JSON; written when it is first asked for, then kept."""
    with document.lock:
        if document.text is None:
            document.text = _written(document)
        return document.text


def _written(document: Document) -> bytes:
    said = settings_of(document)
    generator = OpenAPIGenerator(said.title, said.version, said.description, servers=said.servers)
    errors = document.errors()
    found = generator.generate(
        document.metadata,
        errors=errors,
        validation_status=document.validation_status,
        contributors=_beans(document, OpenAPIContributor),
        conventions=_conventions(document, errors.media_type),
    )
    return to_json(found)


def settings_of(document: Document) -> OpenAPIProperties:
    """Return what is said of the application as a whole, by its settings or else by itself."""
    said = OpenAPIProperties() if document.config is None else document.config.bind(OpenAPIProperties)
    return OpenAPIProperties(
        title=said.title or document.title,
        version=said.version or document.version,
        description=said.description or document.description,
        servers=said.servers,
    )


def _conventions(document: Document, error_media_type: str) -> Conventions:
    config = document.config or Config()
    return Conventions(
        error_media_type,
        converters=_beans(document, HttpMessageConverter),
        settings=config.bind,
        etags=config.bind(ETagProperties).enabled,
        advice=_advice(document),
    )


def _advice(document: Document) -> list[type]:
    found = [each for each in document.container.definitions() if each.stereotype == ADVICE]
    return [each.type for each in sorted(found, key=lambda definition: definition.order)]


def _beans(document: Document, kind: type) -> list[Any]:
    container = document.container
    return [container.get(definition) for definition in container.definitions_of(kind)]
