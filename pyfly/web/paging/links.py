"""``Link`` headers (RFC 8288) of pages and cursors: where the first, the previous, the next and the last page are."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote, unquote_plus

from pyfly.data.page import Cursor, Page, Slice
from pyfly.web.binding.compiler import RESULT
from pyfly.web.paging.properties import PagingProperties
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import Receive, Reply, ResponseEntity, Scope

_SAFE: Final = "!$&'()*+,/:;=?@%~[]"


def linked(endpoint: Endpoint, properties: PagingProperties) -> Endpoint:
    """Return *endpoint* with links in its answers; *properties* name the parameters of a query."""

    async def answering(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
        reply = await endpoint(scope, receive, path)
        result = scope.pop(RESULT, None)
        page = result.body if isinstance(result, ResponseEntity) else result
        if isinstance(reply, tuple) and isinstance(page, Page | Slice | Cursor):
            said = ", ".join(_links(page, scope.get("query_string", b""), properties))
            if said:
                reply[1].append((b"link", said.encode()))
        return reply

    return answering


def _links(
    page: Page[Any] | Slice[Any] | Cursor[Any], query: bytes, properties: PagingProperties
) -> Iterator[str]:
    is_cursor = isinstance(page, Cursor)
    parameter = properties.after_parameter if is_cursor else properties.page_parameter
    parts = [part for part in query.split(b"&") if part]
    kept = [quote(part, _SAFE) for part in parts if _name(part) != parameter]
    places = (
        _positions(page, is_first=len(kept) == len(parts)) if isinstance(page, Cursor) else _numbers(page)
    )
    for relation, place in places:
        # References without a path are right behind every proxy.
        said = [] if place is None else [f"{parameter}={place}"]
        yield f'<?{"&".join([*said, *kept])}>; rel="{relation}"'


def _positions(cursor: Cursor[Any], *, is_first: bool) -> Iterator[tuple[str, str | None]]:
    if not is_first:
        yield "first", None
    if cursor.next is not None:
        yield "next", quote(cursor.next, _SAFE)


def _numbers(page: Page[Any] | Slice[Any]) -> Iterator[tuple[str, int]]:
    if page.page > 1:
        yield "first", 1
        yield "prev", page.page - 1
    if page.has_next:
        yield "next", page.page + 1
    if isinstance(page, Page) and page.total_pages > page.page:
        yield "last", page.total_pages


def _name(part: bytes) -> str:
    return unquote_plus(part.partition(b"=")[0].decode("latin-1"))
