"""The generated lines that read the fields and files of a form."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from pydantic_core import ValidationError

from pyfly.kernel.codegen import SourceBuilder
from pyfly.web.binding import readers
from pyfly.web.binding.features import Features
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.shapes import blank_fields, collection_fields, element, is_collection, is_model, strip
from pyfly.web.binding.values import strings_reader, with_policy
from pyfly.web.errors.input import InvalidBody, missing, violations_from
from pyfly.web.type_adapters import Adapter


@contextmanager
def form_block(out: SourceBuilder, plan: RoutePlan, features: Features) -> Iterator[None]:
    """Write what reads the form of *plan*, if it has one, around the lines written inside the context."""
    items = [item for item in plan.parameters if item.source in (Source.FORM, Source.FILE)]
    out.line(f"form = await {out.constant(features.read_form, 'read_form')}(scope, receive)")
    if any(item.source is Source.REQUEST for item in plan.parameters):
        out.line(f"receive = {out.constant(readers.replay, 'replay')}(b'', receive)")
    with out.block("try:"):
        out.line("violations = None")
        for item in items:
            _write(out, item, plan.adapters[item.name], features)
        with out.block("if violations is not None:"):
            out.line(f"raise {out.constant(InvalidBody, 'InvalidBody')}(violations)")
        yield
    with out.block("finally:"):
        out.line("await form.close()")


def _write(out: SourceBuilder, item: Parameter, adapter: Adapter, features: Features) -> None:
    if item.source is Source.FILE:
        _write_file(out, item, adapter)
    elif is_model(item.type):
        _write_model(out, item, adapter, features)
    else:
        _write_field(out, item, adapter)


def _write_field(out: SourceBuilder, item: Parameter, adapter: Adapter) -> None:
    many = is_collection(item.type)
    out.line(f"raw = form.values.get({item.wire!r})")
    # Browsers send an empty text for a field that was left blank.
    blank = "" if many or element(item.type) is str else " or not raw[-1]"
    with out.block(f"if raw is None{blank}:"):
        _write_absent(out, item)
    with out.block("else:"):
        read = strings_reader(item.type, adapter)
        _write_validated(out, item, read, "raw" if many else "raw[-1]")


def _write_file(out: SourceBuilder, item: Parameter, adapter: Adapter) -> None:
    many, content = is_collection(item.type), element(item.type) in (bytes, str)
    out.line(f"raw = form.files.get({item.wire!r})")
    with out.block("if raw is None:"):
        _write_absent(out, item)
    with out.block("else:"):
        if content:
            out.line("raw = [await file.read() for file in raw]" if many else "raw = await raw[-1].read()")
        elif not many:
            out.line("raw = raw[-1]")
        _write_validated(out, item, adapter.validator.validate_python, "raw")


def _write_model(out: SourceBuilder, item: Parameter, adapter: Adapter, features: Features) -> None:
    bare = strip(item.type)
    select = partial(_selected, collections=collection_fields(bare), blanks=blank_fields(bare))
    raw = f"{out.constant(select, 'fields_of')}(form)"
    validate = with_policy(adapter, features.settings).validator.validate_python
    if not item.required:
        with out.block("if not form.values and not form.files:"):
            out.line(f"p_{item.name} = {out.constant(item.default, 'default')}")
        with out.block("else:"):
            _write_validated(out, item, validate, raw, nested=True)
        return
    _write_validated(out, item, validate, raw, nested=True)


def _selected(form: Any, collections: frozenset[str], blanks: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, values in (*form.values.items(), *form.files.items()):
        if name in collections:
            found[name] = values
        elif values[-1] != "" or name not in blanks:
            found[name] = values[-1]
    return found


def _write_absent(out: SourceBuilder, item: Parameter) -> None:
    if item.required:
        made = f"{out.constant(missing, 'missing')}({item.wire!r}, {item.source.value!r})"
        out.line(f"violations = (violations or []) + [{made}]")
    else:
        out.line(f"p_{item.name} = {out.constant(item.default, 'default')}")


def _write_validated(
    out: SourceBuilder, item: Parameter, read: Callable[[Any], Any], raw: str, *, nested: bool = False
) -> None:
    with out.block("try:"):
        out.line(f"p_{item.name} = {out.constant(read, 'read_' + item.name)}({raw})")
    found = out.constant(violations_from, "violations_from")
    name = "" if nested else item.wire
    with out.block(f"except {out.constant(ValidationError, 'ValidationError')} as error:"):
        out.line(f"violations = (violations or []) + {found}(error, {item.source.value!r}, {name!r})")
