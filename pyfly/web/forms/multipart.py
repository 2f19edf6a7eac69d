"""Reads ``multipart/form-data``: every limit is checked before what exceeds it is kept."""

import asyncio
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from pyfly.kernel.exceptions import PayloadTooLargeException
from pyfly.web.binding.readers import ClientDisconnected, Headers, Values
from pyfly.web.errors.input import UnreadableBody
from pyfly.web.forms.properties import MultipartProperties
from pyfly.web.forms.uploads import UploadedFile, close_all
from pyfly.web.responses import Receive

Files = dict[str, list[UploadedFile]]

_PART_HEADERS: Final = 16
_PART_HEADER_SIZE: Final = 4096
_PIECE: Final = 2048


class MultipartReader:
    """Reads one form."""

    def __init__(self, properties: MultipartProperties, boundary: bytes) -> None:
        """Read a form whose parts are separated by *boundary*, within the limits of *properties*."""
        self._properties = properties
        self._parts = _Parts(properties)
        self._boundary = boundary
        self._size = 0

    async def read(self, headers: Headers, receive: Receive) -> tuple[Values, Files]:
        """Return fields and files; after a failure no file is left.

        Raises:
            PayloadTooLargeException: The form exceeds a limit.
            UnreadableBody: It is malformed.
            ClientDisconnected: The client went away.
        """
        length = headers.get(b"content-length")
        if length is not None and (not length.isdigit() or int(length) > self._properties.max_size):
            raise _too_large(self._properties.max_size)
        try:
            await self._read(receive)
        except BaseException as failure:
            await close_all(self._parts.uploads)
            if isinstance(failure, FormParserError):
                raise UnreadableBody("The form is malformed", code="INVALID_FORM") from failure
            raise
        return self._parts.values, self._parts.files

    async def _read(self, receive: Receive) -> None:
        parts = self._parts
        parser = MultipartParser(
            self._boundary,
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.header_name,
                "on_header_value": parts.header_value,
                "on_header_end": parts.end_header,
                "on_headers_finished": parts.end_headers,
                "on_part_data": parts.data,
                "on_part_end": parts.end,
                "on_end": parts.finish,
            },
            max_header_count=_PART_HEADERS,
            max_header_size=_PART_HEADER_SIZE,
        )
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            chunk = message.get("body", b"")
            self._size += len(chunk)
            if self._size > self._properties.max_size:
                raise _too_large(self._properties.max_size)
            await self._write(parser, chunk)
            await parts.flush()
            more = message.get("more_body", False)
        if not parts.is_finished:
            raise UnreadableBody("The form is incomplete", code="INVALID_FORM")
        for upload in parts.uploads:
            await upload.seek(0)

    async def _write(self, parser: MultipartParser, chunk: bytes) -> None:
        """Let *parser* have *chunk*; where it has many small parts, others have their turn in between."""
        start, size = 0, _PIECE
        while start < len(chunk):
            known = self._parts.begun
            parser.write(chunk[start : start + size])
            start += size
            if self._parts.begun == known:
                size *= 2
            else:
                size = _PIECE
                await asyncio.sleep(0)


class _Parts:
    """What the parser calls: collects fields and files, and refuses what exceeds a limit."""

    def __init__(self, properties: MultipartProperties) -> None:
        self.values: Values = {}
        self.files: Files = {}
        self.uploads: list[UploadedFile] = []
        self.is_finished = False
        self.begun = 0
        self._properties = properties
        self._fields = 0
        self._pending: list[tuple[UploadedFile, bytes]] = []
        self.begin()

    def begin(self) -> None:
        self.begun += 1
        self._headers: dict[str, str] = {}
        self._header_name = b""
        self._header_value = b""
        self._field = ""
        self._upload: UploadedFile | None = None
        self._text: bytearray | None = None
        self._size = 0

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def end_header(self) -> None:
        self._headers[self._header_name.decode("latin-1").lower()] = self._header_value.decode("latin-1")
        self._header_name = self._header_value = b""

    def end_headers(self) -> None:
        said = self._headers.get("content-disposition", "")
        disposition, options = parse_options_header(said.encode("latin-1"))
        if disposition != b"form-data" or b"name" not in options:
            raise UnreadableBody("A part of the form has no name", code="INVALID_FORM")
        self._field = _text(options[b"name"])
        filename = options.get(b"filename")
        if filename:
            self._begin_file(_text(filename))
            return
        self._fields += 1
        if self._fields > self._properties.max_fields:
            raise PayloadTooLargeException("The form has too many fields", code="TOO_MANY_FIELDS")
        if filename is None:  # an empty name is that of an input in which no file has been chosen
            self._text = bytearray()

    def _begin_file(self, filename: str) -> None:
        if len(self.uploads) >= self._properties.max_files:
            raise PayloadTooLargeException("The form has too many files", code="TOO_MANY_FILES")
        directory = self._properties.directory or None
        self._upload = UploadedFile(filename, self._headers, self._properties.spool_size, directory)
        self.uploads.append(self._upload)
        self.files.setdefault(self._field, []).append(self._upload)

    def data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._upload is not None:
            if self._size > self._properties.max_file_size:
                raise PayloadTooLargeException(
                    f"A file is larger than {self._properties.max_file_size} bytes", code="FILE_TOO_LARGE"
                )
            self._pending.append((self._upload, data[start:end]))
        elif self._text is not None:
            if self._size > self._properties.max_field_size:
                raise PayloadTooLargeException(
                    f"A field is longer than {self._properties.max_field_size} bytes", code="FIELD_TOO_LARGE"
                )
            self._text += data[start:end]

    def end(self) -> None:
        if self._text is not None:
            self.values.setdefault(self._field, []).append(_text(bytes(self._text)))

    def finish(self) -> None:
        self.is_finished = True

    async def flush(self) -> None:
        """Write what has arrived of the files."""
        pending, self._pending = self._pending, []
        for upload, data in pending:
            await upload.write(data)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise UnreadableBody("The form is not UTF-8", code="INVALID_ENCODING") from None


def _too_large(limit: int) -> PayloadTooLargeException:
    return PayloadTooLargeException(f"The form is larger than {limit} bytes", code="PAYLOAD_TOO_LARGE")
