"""The generated lines that read the parameters of one route."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pydantic_core import ValidationError

from pyfly.kernel.codegen import SourceBuilder
from pyfly.web.binding import readers
from pyfly.web.binding.features import Features
from pyfly.web.binding.limits import Limits
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.shapes import collection_fields, is_collection, is_model, strip, wire_names
from pyfly.web.binding.values import strings_reader
from pyfly.web.errors.input import (
    InvalidParameters,
    missing,
    violations_from,
)
from pyfly.web.type_adapters import Adapter

FALLIBLE: Final = frozenset({Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE, Source.PAGE})
_EMPTY: Final[dict[str, Any]] = {}


def write(out: SourceBuilder, plan: RoutePlan, limits: Limits, features: Features) -> None:
    """Write what reads path, query, header and cookie values into locals called ``p_<name>``."""
    sources = {item.source for item in plan.parameters}
    _write_preparation(out, sources, limits)
    path_names = template_names(plan.path)
    for item in plan.parameters:
        if item.source is Source.PATH:
            out.line(f"raw = path[{path_names.index(item.wire)}]")
            _write_value(out, item, plan.adapters[item.name], "raw")
        elif item.source is Source.PAGE:
            _write_page(out, item, features)
        elif item.source in FALLIBLE:
            _write_optional(out, item, plan.adapters[item.name])


def _write_preparation(out: SourceBuilder, sources: set[Source], limits: Limits) -> None:
    if sources & FALLIBLE:
        out.line("violations = None")
    if sources & {Source.HEADER, Source.COOKIE, Source.BODY}:
        out.line('headers = dict(scope["headers"])')
    if sources & {Source.QUERY, Source.PAGE}:
        out.line('query = scope["query_string"]')
        parse = out.constant(readers.query_parser(limits.query_values), "parse_query")
        out.line(f"query = {parse}(query) if query else {out.constant(_EMPTY, 'EMPTY')}")
    if Source.COOKIE in sources:
        parse = out.constant(readers.parse_cookies, "parse_cookies")
        out.line(f'cookies = {parse}(headers.get(b"cookie"))')
    if Source.REQUEST in sources and not sources & {Source.FORM, Source.FILE}:
        out.line(f"receive = {out.constant(readers.limited, 'limited')}(receive, {limits.body})")


def _write_optional(out: SourceBuilder, item: Parameter, adapter: Adapter) -> None:
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


def _write_value(out: SourceBuilder, item: Parameter, adapter: Adapter, raw: str) -> None:
    if strip(item.type) is str and item.type in (str, str | None):
        out.line(f"p_{item.name} = {raw}")
        return
    reader = strings_reader(item.type, adapter)
    with out.block("try:"):
        out.line(f"p_{item.name} = {out.constant(reader, 'read_' + item.name)}({raw})")
    _write_refused(out, item)


def _write_query_model(out: SourceBuilder, item: Parameter, adapter: Adapter) -> None:
    select = out.constant(readers.query_fields, "query_fields")
    collections = out.constant(collection_fields(strip(item.type)), "collections")
    validate = out.constant(adapter.validator.validate_python, "read_" + item.name)
    with _unless_nothing_is_given(out, item):
        with out.block("try:"):
            out.line(f"p_{item.name} = {validate}({select}(query, {collections}))")
        _write_refused(out, item, nested=True)


@contextmanager
def _unless_nothing_is_given(out: SourceBuilder, item: Parameter) -> Iterator[None]:
    """Write the default for a query without any field of the model, and what is written inside for others."""
    if item.required:
        yield
        return
    names = out.constant(wire_names(strip(item.type)), "names")
    with out.block(f"if {names}.isdisjoint(query):"):
        out.line(f"p_{item.name} = {out.constant(item.default, 'default')}")
    with out.block("else:"):
        yield


def _write_page(out: SourceBuilder, item: Parameter, features: Features) -> None:
    read = out.constant(features.page_reader(item), "read_" + item.name)
    with out.block("try:"):
        out.line(f"p_{item.name} = {read}(query)")
    with out.block(f"except {out.constant(InvalidParameters, 'InvalidParameters')} as error:"):
        out.line("violations = (violations or []) + [*error.violations]")


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
