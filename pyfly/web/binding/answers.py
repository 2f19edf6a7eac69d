"""The generated lines that turn the result of a handler into a reply, in the representation that is wanted."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import PydanticSerializationError

from pyfly.container.definition import origin_of
from pyfly.kernel.codegen import SourceBuilder
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.results import JSON, answer, content_length, dump_anything
from pyfly.web.binding.serializers import fits_of, serializer_of, unforeseen
from pyfly.web.negotiation.accepting import Accepting
from pyfly.web.negotiation.offers import JSON as JSON_TYPE
from pyfly.web.negotiation.offers import NoWriterError, Offer, is_json, offers_of, write_text
from pyfly.web.ports.messages import HttpMessageConverter
from pyfly.web.responses import NO_BODY, Reply, Scope
from pyfly.web.wire import may_be_no_json, require_json

Check = Callable[[Any], None]
"""Sees a result before it is written."""


def offers_for(plan: RoutePlan, converters: Sequence[HttpMessageConverter]) -> list[Offer]:
    """Return the representations of the results of *plan*; none if it cannot be known which there are.

    Raises:
        NoWriterError: Nobody writes the result, or what the mapping promises.
    """
    if plan.stream is not None:
        return [Offer(plan.stream.media_type, dump_anything)]
    try:
        return _offers(plan, converters)
    except NoWriterError as error:
        error.place = f"{plan.controller.__name__}.{plan.name} ({origin_of(plan.handler)})"
        raise


def _offers(plan: RoutePlan, converters: Sequence[HttpMessageConverter]) -> list[Offer]:
    if plan.result is None:
        return (
            offers_of(plan.produces, plan.returns, dump_anything, (), untyped=True) if plan.produces else []
        )
    if "return" not in plan.foreign:
        return offers_of(plan.produces, plan.returns, serializer_of(plan.returns, plan.result), converters)
    found = offers_of(plan.produces, plan.returns, None, converters)
    if not found:
        raise NoWriterError("any media type", plan.returns)
    return found


def write_choice(out: SourceBuilder, offers: Sequence[Offer]) -> None:
    """Write what refuses a request for something that is not offered, and keeps the choice if there is one."""
    if not offers:
        return
    accepting = Accepting([offer.media_type for offer in offers])
    choose = out.constant(accepting.choose, "choose")
    if len(offers) > 1:
        out.line(f'chosen = {choose}(scope["headers"])')
        return
    known = out.constant(accepting.known, "known")
    with (
        out.block('for pair in scope["headers"]:'),
        out.block(f'if pair[0] == b"accept" and pair[1] not in {known}:'),
    ):
        out.line(f'{choose}(scope["headers"])')
        out.line("break")


def write_result(
    out: SourceBuilder, plan: RoutePlan, offers: Sequence[Offer], check: Check | None = None
) -> None:
    """Write what answers with the local called ``result``."""
    if check is not None:
        out.line(f"{out.constant(check, 'check')}(result)")
    if len(offers) > 1:
        replies = tuple(_replier(plan.status_code, offer, (b"vary", b"accept")) for offer in offers)
        out.line(f"return {out.constant(replies, 'replies')}[chosen](result, scope)")
    elif offers and (plan.result is None or not is_json(offers[0].media_type)):
        if offers[0].write is write_text and plan.status_code not in NO_BODY:
            _write_plain(out, plan.status_code, offers[0])
        out.line(f"return {out.constant(_replier(plan.status_code, offers[0]), 'reply')}(result, scope)")
    else:
        _write_json(out, plan, offers)


def _replier(
    status: int, offer: Offer, extra: tuple[bytes, bytes] | None = None
) -> Callable[[Any, Scope], Reply]:
    content_type = (b"content-type", offer.media_type.encode("latin-1"))

    def reply(result: Any, scope: Scope) -> Reply:
        found = answer(result, status, offer.write, content_type, scope)
        if extra is not None and isinstance(found, tuple):
            found[1].append(extra)
        return found

    return reply


def _write_plain(out: SourceBuilder, status: int, offer: Offer) -> None:
    content_type = out.constant(_content_type(offer), "content_type")
    with out.block("if type(result) is str:"):
        out.line("body = result.encode()")
        out.line(
            f"return {status}, [{out.constant(content_length, 'length')}[len(body)], {content_type}], body"
        )


def _write_json(out: SourceBuilder, plan: RoutePlan, offers: Sequence[Offer]) -> None:
    general = out.constant(answer, "answer")
    if plan.result is None:
        out.line(f"return {general}(result, {plan.status_code}, scope=scope)")
        return
    json = JSON if not offers or offers[0].media_type == JSON_TYPE else _content_type(offers[0])
    content_type = out.constant(json, "content_type")
    if plan.entity or plan.status_code in NO_BODY or (offers and not offers[0].built_in_json):
        dump = out.constant(offers[0].write if offers else serializer_of(plan.returns, plan.result), "dump")
        out.line(f"return {general}(result, {plan.status_code}, {dump}, {content_type}, scope)")
        return
    with out.block("if result is None:"):
        out.line(f"return {general}(None, {plan.status_code})")
    otherwise = out.constant(unforeseen(plan.returns, plan.result, plan.status_code, json), "unforeseen")
    fits = fits_of(plan.returns)
    if fits is not None:
        with out.block(f"if not {out.constant(fits, 'fits')}(result):"):
            out.line(f"return {otherwise}(result, scope)")
    write = out.constant(plan.result.serializer.to_json, "to_json")
    with out.block("try:"):
        out.line(f"body = {write}(result, by_alias=True, warnings='error')")
    with out.block(f"except {out.constant(PydanticSerializationError, 'SerializationError')}:"):
        out.line(f"return {otherwise}(result, scope)")
    if may_be_no_json(plan.result):
        # Not with "in", which first fails to take its left side for the number of a byte.
        with out.block('if body.find(b"NaN") >= 0 or body.find(b"Infinity") >= 0:'):
            out.line(f"{out.constant(require_json, 'require_json')}(body)")
    length = out.constant(content_length, "length")
    out.line(f"return {plan.status_code}, [{content_type}, {length}[len(body)]], body")


def _content_type(offer: Offer) -> tuple[bytes, bytes]:
    return b"content-type", offer.media_type.encode("latin-1")
