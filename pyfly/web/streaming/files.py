"""``FileContent``: a file as the answer, with ranges and conditional requests."""

import asyncio
import os
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from secrets import token_hex
from typing import ClassVar, NamedTuple

from pyfly.kernel.exceptions import PreconditionFailedException
from pyfly.web.conditional.evaluation import conditions_of, http_date, verdict
from pyfly.web.errors.exceptions import ResponseStatusException
from pyfly.web.responses import RawHeaders, Receive, Scope, Send, raw_headers
from pyfly.web.streaming.content import CHUNK, Opened, opened
from pyfly.web.streaming.disposition import content_disposition
from pyfly.web.streaming.media import media_type_of
from pyfly.web.streaming.ranges import ByteRange, UnsatisfiableRangeError, parse_range


class FileContent:
    """Answers with a file, or with bytes as if they were one. Make one per request.

    Attributes:
        status_code: The status of the whole content.
        raw_headers: Headers of the application's own.
    """

    sends_itself: ClassVar = True

    def __init__(
        self,
        source: str | os.PathLike[str] | bytes,
        *,
        filename: str | None = None,
        media_type: str | None = None,
        inline: bool = False,
        etag: str | None = None,
        headers: Mapping[str, str] | None = None,
        follow_symlinks: bool = True,
    ) -> None:
        """Answer with *source*.

        Args:
            source: A path, or the content itself.
            filename: The name under which clients are to save it; may come from users.
            media_type: Its content type; by default what the name suggests.
            inline: Let browsers show it instead of saving it.
            etag: Its entity tag; by default that of the file's time and size.
            headers: Additional headers.
            follow_symlinks: Whether the last part of a path may be a link.
        """
        self._source = source if isinstance(source, bytes) else Path(source)
        named = filename or (self._source.name if isinstance(self._source, Path) else "")
        self._media_type = media_type or media_type_of(named)
        self._etag = etag
        self._follow = follow_symlinks
        self.status_code = 200
        self.raw_headers = raw_headers(headers or {})
        if filename is not None or not inline:
            disposition = content_disposition(filename, inline=inline)
            self.raw_headers.append((b"content-disposition", disposition.encode("ascii")))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the content, a part of it, or that it has not changed.

        Raises:
            ResourceNotFoundException: There is no such file.
            PreconditionFailedException: The client asked for another version.
        """
        content = await opened(self._source, follow_symlinks=self._follow)
        try:
            if self._etag is not None:
                content = content._replace(etag=self._etag)
            await self._answer(content, scope, receive, send)
        finally:
            await content.close()

    async def _answer(self, content: Opened, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [*self.raw_headers, *_validators(content)]
        found = verdict(conditions_of(scope), content.etag or None, content.modified)
        if found == 412:
            raise PreconditionFailedException("It is not the version asked for", code="PRECONDITION_FAILED")
        if found == 304:
            kept = [pair for pair in headers if pair[0] != b"content-disposition"]
            await send({"type": "http.response.start", "status": 304, "headers": kept})
            await send({"type": "http.response.body", "body": b""})
            return
        part = _part_of(content, scope, self._media_type)
        status = self.status_code if part.is_whole else 206
        await send({"type": "http.response.start", "status": status, "headers": [*headers, *part.headers]})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        await _send(content, part, receive, send)


class _Part(NamedTuple):
    is_whole: bool
    headers: RawHeaders
    pieces: list[tuple[bytes, ByteRange]]
    last: bytes = b""


def _validators(content: Opened) -> RawHeaders:
    headers: RawHeaders = [(b"accept-ranges", b"bytes")]
    if content.etag:
        headers.append((b"etag", content.etag.encode("latin-1")))
    if content.modified is not None:
        headers.append((b"last-modified", format_datetime(content.modified, usegmt=True).encode()))
    return headers


def _part_of(content: Opened, scope: Scope, media_type: str) -> _Part:
    asked = {
        name: value.decode("latin-1") for name, value in scope["headers"] if name in (b"range", b"if-range")
    }
    ranges = None
    if b"range" in asked and scope["method"] == "GET" and _is_same(content, asked.get(b"if-range")):
        try:
            ranges = parse_range(asked[b"range"], content.size)
        except UnsatisfiableRangeError:
            headers = {"Content-Range": f"bytes */{content.size}"}
            raise ResponseStatusException(416, "The content is shorter", headers=headers) from None
    kind = media_type.encode("latin-1")
    if ranges is None:
        length = (b"content-length", b"%d" % content.size)
        return _Part(True, [(b"content-type", kind), length], [(b"", ByteRange(0, content.size))])
    if len(ranges) == 1:
        only = ranges[0]
        said = [(b"content-type", kind), (b"content-range", _content_range(only, content.size))]
        return _Part(False, [*said, (b"content-length", b"%d" % (only.stop - only.start))], [(b"", only)])
    return _several(ranges, kind, content.size)


def _several(ranges: list[ByteRange], kind: bytes, size: int) -> _Part:
    boundary = token_hex(12).encode()
    pieces = [
        (
            b"\r\n--%b\r\nContent-Type: %b\r\nContent-Range: %b\r\n\r\n"
            % (boundary, kind, _content_range(item, size)),
            item,
        )
        for item in ranges
    ]
    last = b"\r\n--%b--\r\n" % boundary
    length = sum(len(head) + item.stop - item.start for head, item in pieces) + len(last)
    content_type = b"multipart/byteranges; boundary=" + boundary
    headers: RawHeaders = [(b"content-type", content_type), (b"content-length", b"%d" % length)]
    return _Part(False, headers, pieces, last)


def _content_range(item: ByteRange, size: int) -> bytes:
    return b"bytes %d-%d/%d" % (item.start, item.stop - 1, size)


def _is_same(content: Opened, if_range: str | None) -> bool:
    """Say whether a client that has a part of the content has a part of this version."""
    if if_range is None:
        return True
    if '"' in if_range:
        return (
            not if_range.startswith("W/") and if_range == content.etag and not content.etag.startswith("W/")
        )
    date: datetime | None = http_date(if_range)
    return date is not None and date == content.modified


async def _send(content: Opened, part: _Part, receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_disconnected(receive)) if content.size > CHUNK else None
    try:
        for head, (start, stop) in part.pieces:
            at = start
            if head:
                await send({"type": "http.response.body", "body": head, "more_body": True})
            while at < stop and not (gone is not None and gone.done()):
                chunk = await content.read(at, min(CHUNK, stop - at))
                if not chunk:
                    raise EOFError("a file became shorter while it was sent")
                at += len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": part.last})
    finally:
        if gone is not None:
            gone.cancel()
            await asyncio.wait({gone})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
