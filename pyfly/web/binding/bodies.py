"""The generated lines that read the body of a request, and the functions that they call."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import ValidationError

from pyfly.kernel.codegen import SourceBuilder
from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.web.binding import readers
from pyfly.web.binding.features import Features
from pyfly.web.binding.limits import Limits, depth_check
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.properties import BindingProperties
from pyfly.web.binding.shapes import strip
from pyfly.web.binding.values import with_policy
from pyfly.web.errors.input import UnreadableBody, body_failure, no_content_type
from pyfly.web.negotiation.reading import Reading, is_wanted, require_content_type
from pyfly.web.ports.messages import HttpMessageConverter, Reader
from pyfly.web.type_adapters import Adapter


def write_body(
    out: SourceBuilder,
    plan: RoutePlan,
    limits: Limits,
    features: Features,
    converters: Sequence[HttpMessageConverter] = (),
) -> None:
    """Write what reads and validates the request body, if the handler wants it."""
    item = plan.body
    if item is None:
        if plan.consumes:
            check = out.constant(require_content_type(plan.consumes), "require_content_type")
            out.line(f'{check}(dict(scope["headers"]).get(b"content-type"))')
        return
    reader = _write_reader(out, plan, item, features, limits, converters)
    if any(other.source is Source.REQUEST for other in plan.parameters):
        out.line(f"receive = {out.constant(readers.replay, 'replay')}(body, receive)")
    if not item.required:
        with out.block("if not body:"):
            out.line(f"p_{item.name} = {out.constant(item.default, 'default')}")
        with out.block("else:"):
            _write_value(out, item, reader)
        return
    if not _is_raw(item):
        with out.block("if not body:"):
            out.line(f"raise {out.constant(_no_body, 'no_body')}()")
    _write_value(out, item, reader)


def _write_reader(
    out: SourceBuilder,
    plan: RoutePlan,
    item: Parameter,
    features: Features,
    limits: Limits,
    converters: Sequence[HttpMessageConverter],
) -> str:
    """Write what reads ``body``, and return the name of the function that makes a value of it."""
    json = _json_reader(item, plan.adapters[item.name], features)
    if not _is_raw(item):
        with out.block('if b"content-encoding" in headers:'):
            out.line(f"{out.constant(readers.refuse_encoded, 'refuse_encoded')}(headers)")
    read_body = (
        f"body = await {out.constant(readers.read_body, 'read_body')}(receive, headers, {limits.body})"
    )
    is_foreign = item.name in plan.foreign
    if is_foreign or is_wanted(plan.consumes, item.type, converters):
        shallow = json if _is_raw(item) else _shallow(json, limits.json_depth)
        reading = Reading(plan.consumes, item.type, None if is_foreign else shallow, converters)
        out.line('content_type = headers.get(b"content-type")')
        out.line(f"read = {out.constant(reading.of, 'reader_of')}(content_type)")
        out.line(read_body)
        if plan.consumes or not _is_raw(item):
            _write_named(out, features, reading.unnamed)
        return "read"
    if _is_raw(item):
        out.line(read_body)
    else:
        out.line('content_type = headers.get(b"content-type")')
        with out.block('if content_type != b"application/json":'):
            out.line(f"{out.constant(readers.require_json, 'require_json')}(content_type)")
        out.line(read_body)
        _write_named(out, features, no_content_type)
        # Fewer bytes cannot be nested any deeper.
        with out.block(f"if len(body) > {2 * limits.json_depth}:"):
            out.line(f"{out.constant(depth_check(limits.json_depth), 'check_depth')}(body)")
    return out.constant(json, "read_json")


def _write_named(out: SourceBuilder, features: Features, refusal: Callable[[], Exception]) -> None:
    """Write what refuses a body that does not say what it is: any page can make a browser send one, without a preflight."""
    if features.settings(BindingProperties).require_content_type:
        with out.block("if content_type is None and body:"):
            out.line(f"raise {out.constant(refusal, 'no_content_type')}()")


def _write_value(out: SourceBuilder, item: Parameter, reader: str) -> None:
    with out.block("try:"):
        out.line(f"p_{item.name} = {reader}(body)")
    with out.block(f"except {out.constant(ValidationError, 'ValidationError')} as error:"):
        out.line(f"raise {out.constant(body_failure, 'body_failure')}(error) from None")


def _is_raw(item: Parameter) -> bool:
    return strip(item.type) in (str, bytes)


def _json_reader(item: Parameter, adapter: Adapter, features: Features) -> Reader:
    bare = strip(item.type)
    if bare is bytes:
        return adapter.validator.validate_python
    if bare is str:
        validate = adapter.validator.validate_strings
        return lambda body: validate(_text(body))
    return with_policy(adapter, features.settings).validator.validate_json


def _shallow(validate: Reader, limit: int) -> Reader:
    check = depth_check(limit)

    def read(body: bytes) -> Any:
        check(body)
        return validate(body)

    return read


def _no_body() -> InvalidRequestException:
    return UnreadableBody("A request body is required", code="BODY_REQUIRED")


def _text(body: bytes) -> Any:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise UnreadableBody("The request body is not UTF-8", code="INVALID_ENCODING") from None
