"""``Link`` headers (RFC 8288) of pages: where the first, the previous, the next and the last page are."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote, unquote_plus

from pyfly.data.page import Page, Slice
from pyfly.web.binding.compiler import RESULT
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import Receive, Reply, ResponseEntity, Scope

_SAFE: Final = "!$&'()*+,/:;=?@%~[]"


def linked(endpoint: Endpoint, parameter: str) -> Endpoint:
    """Return *endpoint* with links in its answers; *parameter* is the name of the page's number in a query."""

    async def answering(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
        reply = await endpoint(scope, receive, path)
        result = scope.pop(RESULT, None)
        page = result.body if isinstance(result, ResponseEntity) else result
        if isinstance(reply, tuple) and isinstance(page, Page | Slice):
            said = ", ".join(_links(page, scope.get("query_string", b""), parameter))
            if said:
                reply[1].append((b"link", said.encode()))
        return reply

    return answering


def _links(page: Page[Any] | Slice[Any], query: bytes, parameter: str) -> Iterator[str]:
    # References without a path are right behind every proxy.
    kept = "".join(
        f"&{quote(part, _SAFE)}" for part in query.split(b"&") if part and _name(part) != parameter
    )
    for relation, number in _numbers(page):
        yield f'<?{parameter}={number}{kept}>; rel="{relation}"'


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
