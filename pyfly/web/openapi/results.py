"""What an operation answers: its success, and every refusal that can occur."""

from collections.abc import Iterable
from typing import Any, Final

from pyfly.web.binding.answers import offers_for
from pyfly.web.binding.parameters import Source, is_optional
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.errors.status import reason_of
from pyfly.web.metadata import RouteMetadata
from pyfly.web.openapi.annotations import DocumentedResponse
from pyfly.web.openapi.answers import advised_answers
from pyfly.web.openapi.bodies import FORM_SOURCES
from pyfly.web.openapi.conventions import Conventions
from pyfly.web.openapi.headers import with_headers
from pyfly.web.openapi.idempotency import key_refusals
from pyfly.web.openapi.parameters import PLACES, without_null
from pyfly.web.openapi.plain import plain_refusals
from pyfly.web.openapi.schemas import ERROR, JsonSchema, Schemas, advice_key, response_key, result_key
from pyfly.web.openapi.versions import is_chosen_by_version
from pyfly.web.ports.streams import StreamPlan
from pyfly.web.streaming.files import FileContent

_OK: Final = 200
_NO_CONTENT: Final = 204
_CREATED: Final = 201
_FIRST_ERROR: Final = 400
_NOTHING: Final = {"description": "No Content"}
_TEXT: Final = {"type": "string"}
_BYTES: Final = {"type": "string", "format": "binary"}
_EVENT: Final = {"event": _TEXT, "id": _TEXT, "retry": {"type": "integer", "minimum": 0}}
_LOCATION: Final = {
    "Location": {"description": "Where it is.", "schema": {"type": "string", "format": "uri-reference"}}
}

_ETAG: Final = {"ETag": {"description": "The version of the answer.", "schema": {"type": "string"}}}


class Results:
    """Describes answers with the schemas of one document."""

    def __init__(self, schemas: Schemas, conventions: Conventions) -> None:
        """Refer to *schemas* and follow *conventions*."""
        self._schemas = schemas
        self._conventions = conventions
        error = schemas.get(ERROR)
        self._error = {"content": {conventions.error_media_type: {"schema": error}}} if error else {}

    def of(
        self,
        index: int,
        route: RouteMetadata,
        said: Iterable[DocumentedResponse],
        refused: Iterable[int] = (),
    ) -> dict[str, Any]:
        """Return the answers of the route at *index*: its own, those of its signature, and those of *said*."""
        status = _success_status(route)
        errors = {*self._refusals(route.plan), *refused}
        found = {str(status): self._success(index, route, status)}
        if status == _OK and _may_be_nothing(route.plan):
            found |= {str(_NO_CONTENT): _NOTHING}
        found |= {str(each): {"description": reason_of(each), **self._error} for each in errors}
        found |= plain_refusals(route)
        is_file = route.return_type is FileContent
        if is_file:
            found |= {"206": {**found[str(status)], "description": reason_of(206)}}
            found |= {"416": {"description": reason_of(416)}}
        if is_file or (self._conventions.etags and _is_tagged(route)):
            found[str(status)] = {**found[str(status)], "headers": _ETAG}
            found |= {"304": {"description": reason_of(304), "headers": _ETAG}}
        for number, each in enumerate(advised_answers(route, self._conventions.advice)):
            found[str(each.status)] = self._advised(index, number, each, found.get(str(each.status), {}))
        for each in said:
            found[str(each.status)] = self._said(index, each, found.get(str(each.status), {}))
        ordered = dict(sorted(found.items()))
        if route.plan is not None or self._error:
            ordered["default"] = {"description": "Error", **self._error}
        return with_headers(ordered, str(status), route.plan, self._conventions.settings)

    def _success(self, index: int, route: RouteMetadata, status: int) -> dict[str, Any]:
        if status == _NO_CONTENT:
            return _NOTHING
        said: dict[str, Any] = {"description": "Successful response"}
        content = self._content(index, route)
        if content:
            said["content"] = content
        if status == _CREATED and route.plan is not None and route.plan.entity:
            said["headers"] = _LOCATION
        return said

    def _content(self, index: int, route: RouteMetadata) -> dict[str, JsonSchema]:
        plan, schema = route.plan, self._schemas.get(result_key(index))
        if plan is not None and plan.stream is not None:
            return {_bare(plan.stream.media_type): {"schema": _stream(plan.stream, schema)}}
        if route.return_type in (bytes, FileContent):
            schema = _BYTES
        if plan is not None and schema and is_optional(plan.returns):
            schema = without_null(schema)  # nothing is an empty body
        offers = offers_for(plan, self._conventions.converters) if plan is not None else ()
        if offers:
            return {each.media_type: {"schema": schema or _TEXT} for each in offers}
        if schema is None:
            return {}
        return {"application/octet-stream" if schema is _BYTES else "application/json": {"schema": schema}}

    def _said(self, index: int, each: DocumentedResponse, known: JsonSchema) -> JsonSchema:
        description = each.description or known.get("description") or reason_of(each.status)
        schema = self._schemas.get(response_key(index, each.status))
        if schema is not None:
            return {**known, "description": description, "content": {each.media_type: {"schema": schema}}}
        return {**(self._error if each.status >= _FIRST_ERROR else {}), **known, "description": description}

    def _advised(self, index: int, number: int, each: DocumentedResponse, known: JsonSchema) -> JsonSchema:
        schema = self._schemas.get(advice_key(index, number)) or {}
        content = dict(known.get("content", {}))
        other = content.get(each.media_type, {}).get("schema")
        # What it does not answer for, others still do.
        choices = [*(other.get("anyOf", [other]) if other else ()), schema]
        both = {"anyOf": choices} if len(choices) > 1 and schema not in choices[:-1] else other or schema
        description = known.get("description") or each.description or reason_of(each.status)
        return {
            **known,
            "description": description,
            "content": {**content, each.media_type: {"schema": both}},
        }

    def _refusals(self, plan: RoutePlan | None) -> set[int]:
        if plan is None:
            return set()
        found = key_refusals(plan, self._conventions.settings)
        sources = {item.source for item in plan.parameters}
        if is_chosen_by_version(plan, self._conventions.settings) or sources & {
            *PLACES,
            Source.PAGE,
            Source.RESOLVED,
        }:
            found.add(400)
        if Source.PATH in sources:
            found.add(404)
        if sources & {Source.BODY, *FORM_SOURCES}:
            found |= {400, 413, 415, self._conventions.validation_status}
        if plan.consumes:
            found.add(415)
        if plan.stream is not None or offers_for(plan, self._conventions.converters):
            found.add(406)
        return found


def _may_be_nothing(plan: RoutePlan | None) -> bool:
    return plan is not None and plan.stream is None and not plan.entity and is_optional(plan.returns)


def _is_tagged(route: RouteMetadata) -> bool:
    streams = route.plan is not None and route.plan.stream is not None
    return route.http_method == "GET" and not streams and _success_status(route) == _OK


def _success_status(route: RouteMetadata) -> int:
    plan = route.plan
    if (
        plan is not None
        and route.status_code == _OK
        and plan.returns in (None, type(None))
        and not plan.entity
    ):
        return _NO_CONTENT
    return route.status_code


def _stream(stream: StreamPlan, item: JsonSchema | None) -> JsonSchema:
    if stream.payload is bytes:
        return _BYTES
    if stream.is_events:
        # Before version 3.2, the schema of a stream of events is that of each event.
        data = {"contentMediaType": "application/json", "contentSchema": item} if item else {}
        return {"type": "object", "properties": {"data": {**_TEXT, **data}, **_EVENT}}
    if stream.is_lines and item:
        lines = {"type": "array", "items": item}
        return {**_TEXT, "contentMediaType": _bare(stream.media_type), "contentSchema": lines}
    return _TEXT


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip()
