"""The generated lines that read the parameters of one route."""

from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from pyfly.kernel.codegen import SourceBuilder
from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.web.binding import readers
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.shapes import collection_fields, is_collection, is_model, strip
from pyfly.web.errors.input import UnreadableBody, body_failure, missing, violations_from

FALLIBLE: Final = frozenset({Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE})

_EMPTY: Final[dict[str, Any]] = {}


def write(out: SourceBuilder, plan: RoutePlan, limit: int) -> None:
    """Write what reads path, query, header and cookie values into locals called ``p_<name>``."""
    sources = {item.source for item in plan.parameters}
    _write_preparation(out, sources, limit)
    path_names = template_names(plan.path)
    for item in plan.parameters:
        if item.source is Source.PATH:
            out.line(f"raw = path[{path_names.index(item.wire)}]")
            _write_value(out, item, plan.adapters[item.name], "raw")
        elif item.source in FALLIBLE:
            _write_optional(out, item, plan.adapters[item.name])


def _write_preparation(out: SourceBuilder, sources: set[Source], limit: int) -> None:
    if sources & FALLIBLE:
        out.line("violations = None")
    if sources & {Source.HEADER, Source.COOKIE, Source.BODY}:
        out.line('headers = dict(scope["headers"])')
    if Source.QUERY in sources:
        out.line('query = scope["query_string"]')
        parse = out.constant(readers.parse_query, "parse_query")
        out.line(f"query = {parse}(query) if query else {out.constant(_EMPTY, 'EMPTY')}")
    if Source.COOKIE in sources:
        parse = out.constant(readers.parse_cookies, "parse_cookies")
        out.line(f'cookies = {parse}(headers.get(b"cookie"))')
    if Source.REQUEST in sources:
        out.line(f"receive = {out.constant(readers.limited, 'limited')}(receive, {limit})")


def write_body(out: SourceBuilder, plan: RoutePlan, limit: int) -> None:
    """Write what reads and validates the request body, if the handler wants it."""
    item = plan.body
    if item is None:
        return
    bare = strip(item.type)
    if bare not in (str, bytes):
        out.line('content_type = headers.get(b"content-type")')
        with out.block('if content_type != b"application/json":'):
            out.line(f"{out.constant(readers.require_json, 'require_json')}(content_type)")
    out.line(f"body = await {out.constant(readers.read_body, 'read_body')}(receive, headers, {limit})")
    if any(other.source is Source.REQUEST for other in plan.parameters):
        out.line(f"receive = {out.constant(readers.replay, 'replay')}(body)")
    if item.required:
        if bare not in (str, bytes):
            with out.block("if not body:"):
                out.line(f"raise {out.constant(_no_body, 'no_body')}()")
        _write_body_value(out, item, plan.adapters[item.name], bare)
        return
    with out.block("if not body:"):
        out.line(f"p_{item.name} = {out.constant(item.default, 'default')}")
    with out.block("else:"):
        _write_body_value(out, item, plan.adapters[item.name], bare)


def _write_body_value(out: SourceBuilder, item: Parameter, adapter: TypeAdapter[Any], bare: Any) -> None:
    validate = {str: "validate_strings", bytes: "validate_python"}.get(bare, "validate_json")
    method = out.constant(getattr(adapter.validator, validate), validate)
    text = f"{out.constant(_text, 'text')}(body)" if bare is str else "body"
    with out.block("try:"):
        out.line(f"p_{item.name} = {method}({text})")
    with out.block(f"except {out.constant(ValidationError, 'ValidationError')} as error:"):
        out.line(f"raise {out.constant(body_failure, 'body_failure')}(error) from None")


def _write_optional(out: SourceBuilder, item: Parameter, adapter: TypeAdapter[Any]) -> None:
    if item.source is Source.QUERY and is_model(item.type):
        _write_query_model(out, item, adapter)
        return
    many = is_collection(item.type)
    out.line(f"raw = {_lookup(out, item, many=many)}")
    with out.block("if not raw:" if many else "if raw is None:"):
        if item.required:
            _write_missing(out, item)
        else:
            out.line(f"p_{item.name} = {out.constant(item.default, 'default')}")
    with out.block("else:"):
        _write_value(out, item, adapter, _raw_value(item, many=many))


def _lookup(out: SourceBuilder, item: Parameter, *, many: bool) -> str:
    if item.source is Source.QUERY:
        return f"query.get({item.wire!r})"
    if item.source is Source.COOKIE:
        return f"cookies.get({item.wire!r})"
    name = item.wire.lower().encode("latin-1")
    if many:
        return f'{out.constant(readers.header_values, "header_values")}(scope["headers"], {name!r})'
    return f"headers.get({name!r})"


def _raw_value(item: Parameter, *, many: bool) -> str:
    if many:
        return "[raw]" if item.source is Source.COOKIE else "raw"
    return {Source.QUERY: "raw[-1]", Source.HEADER: "raw.decode('latin-1')"}.get(item.source, "raw")


def _write_value(out: SourceBuilder, item: Parameter, adapter: TypeAdapter[Any], raw: str) -> None:
    if strip(item.type) is str and item.type in (str, str | None):
        out.line(f"p_{item.name} = {raw}")
        return
    if is_collection(item.type):
        bare = strip(item.type)
        element = next((part for part in get_args(bare) if part is not Ellipsis), str)
        reader: Any = readers.collection_reader(item.type, element)
    else:
        reader = adapter.validator.validate_strings
    with out.block("try:"):
        out.line(f"p_{item.name} = {out.constant(reader, 'read_' + item.name)}({raw})")
    _write_refused(out, item)


def _write_query_model(out: SourceBuilder, item: Parameter, adapter: TypeAdapter[Any]) -> None:
    select = out.constant(readers.query_fields, "query_fields")
    collections = out.constant(collection_fields(strip(item.type)), "collections")
    validate = out.constant(adapter.validator.validate_python, "read_" + item.name)
    with out.block("try:"):
        out.line(f"p_{item.name} = {validate}({select}(query, {collections}))")
    _write_refused(out, item, nested=True)


def _write_refused(out: SourceBuilder, item: Parameter, *, nested: bool = False) -> None:
    found = out.constant(violations_from, "violations_from")
    name = "" if nested else item.wire
    with out.block(f"except {out.constant(ValidationError, 'ValidationError')} as error:"):
        out.line(f"violations = (violations or []) + {found}(error, {item.source.value!r}, {name!r})")


def _write_missing(out: SourceBuilder, item: Parameter) -> None:
    make = out.constant(missing, "missing")
    out.line(f"violations = (violations or []) + [{make}({item.wire!r}, {item.source.value!r})]")


def template_names(path: str) -> list[str]:
    """Return the names of the variables of a path template, in their order."""
    return [part.partition("}")[0].partition(":")[0] for part in path.split("{")[1:]]


def _no_body() -> InvalidRequestException:
    return UnreadableBody("A request body is required", code="BODY_REQUIRED")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise UnreadableBody("The request body is not UTF-8", code="INVALID_ENCODING") from None
