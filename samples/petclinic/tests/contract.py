"""Checks answers against the public contract, so that every test is a test of it, too."""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import yaml

Json = dict[str, Any]

# Where the running service is known to differ from its own file, the service wins.
CREATED_BY = {"/pettypes", "/specialties", "/vets", "/visits", "/users"}


class Contract:
    """The operations of an OpenAPI 3.0 file and the schemas of their answers."""

    def __init__(self, file: Path) -> None:
        self._document: Json = yaml.safe_load(file.read_text(encoding="utf-8"))

    @cached_property
    def operations(self) -> dict[tuple[str, str], Json]:
        """Every operation by verb and path template."""
        return {
            (verb.upper(), path): operation
            for path, verbs in self._document["paths"].items()
            for verb, operation in verbs.items()
        }

    def check(self, response: httpx.Response) -> None:
        """Fail unless *response* is what the contract says for its request."""
        found = self._operation(response.request)
        if found is None:
            return
        response.read()
        expected = self._schema(*found, response.status_code)
        if expected is None:
            assert response.content == b"", (
                f"{response.request.method} {found[0]}: a body with {response.status_code}"
            )
            return
        assert response.headers["content-type"] == "application/json"
        jsonschema_rs.Draft4Validator(expected | {"components": self._components}).validate(response.json())

    def _operation(self, request: httpx.Request) -> tuple[str, Json] | None:
        path = request.url.path.removeprefix("/petclinic/api")
        for (verb, template), operation in self.operations.items():
            if verb == request.method and re.fullmatch(re.sub(r"{\w+}", r"[^/]+", template), path):
                return template, operation
        return None

    def _schema(self, template: str, operation: Json, status: int) -> Json | None:
        if status in (204, 304, 405):
            return None
        documented = 200 if status == 201 and template in CREATED_BY else status
        media: Json = operation["responses"].get(documented, _ERROR)["content"]
        schema: Json = media["application/json"]["schema"]
        return {"allOf": [schema]}

    @cached_property
    def _components(self) -> Json:
        components: Json = self._document["components"]
        # A user's password is asked for and never shown.
        del components["schemas"]["User"]["properties"]["password"]
        return components


_ERROR: Json = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ProblemDetail"}}}}
