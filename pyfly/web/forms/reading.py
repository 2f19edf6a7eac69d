"""Reads the form of a request, by its content type."""

from typing import Final
from urllib.parse import quote_from_bytes

from python_multipart.multipart import parse_options_header

from pyfly.kernel.exceptions import PayloadTooLargeException, UnsupportedMediaTypeException
from pyfly.web.binding.readers import Headers, Values, query_parser, read_body, refuse_encoded
from pyfly.web.errors.input import UnreadableBody, no_content_type
from pyfly.web.forms.multipart import MultipartReader
from pyfly.web.forms.properties import MultipartProperties
from pyfly.web.forms.uploads import UploadedFile, close_all
from pyfly.web.responses import Receive, Scope

_ASCII: Final = "".join(map(chr, range(33, 127)))


class Form:
    """The fields and files of one request.

    Attributes:
        values: The texts of each field, in their order.
        files: The files of each field, in their order.
    """

    __slots__ = ("files", "values")

    def __init__(self, values: Values, files: dict[str, list[UploadedFile]]) -> None:
        """Keep *values* and *files*."""
        self.values = values
        self.files = files

    async def close(self) -> None:
        """Delete the files."""
        if self.files:
            await close_all([each for found in self.files.values() for each in found])


class FormReader:
    """Reads forms within limits."""

    def __init__(self, properties: MultipartProperties, body_limit: int) -> None:
        """Read multipart forms within *properties*, urlencoded ones of at most *body_limit* bytes."""
        self._properties = properties
        self._body_limit = body_limit
        self._parse = query_parser(max(properties.max_fields, 1))

    async def read(self, scope: Scope, receive: Receive) -> Form:
        """Return the form of a request.

        Raises:
            UnsupportedMediaTypeException: Its body is no form.
            PayloadTooLargeException: It exceeds a limit.
            UnreadableBody: It is malformed.
        """
        headers = dict(scope["headers"])
        refuse_encoded(headers)
        content_type = headers.get(b"content-type")
        media_type, options = parse_options_header(content_type)
        if media_type == b"multipart/form-data":
            boundary = options.get(b"boundary")
            if not boundary:
                raise UnreadableBody("The form has no boundary", code="INVALID_FORM")
            return Form(*await MultipartReader(self._properties, boundary).read(headers, receive))
        return await self._read_urlencoded(content_type, media_type, headers, receive)

    async def _read_urlencoded(
        self, content_type: bytes | None, media_type: bytes, headers: Headers, receive: Receive
    ) -> Form:
        is_form = media_type == b"application/x-www-form-urlencoded"
        if content_type is not None and not is_form:
            shown = media_type.decode("latin-1")
            raise UnsupportedMediaTypeException(
                f"Content type '{shown}' is not supported; send a form", code="UNSUPPORTED_MEDIA_TYPE"
            )
        body = await read_body(receive, headers, self._body_limit)
        if not body:
            return Form({}, {})
        if not is_form:
            raise no_content_type()
        if body.count(b"&") >= self._properties.max_fields:
            raise PayloadTooLargeException("The form has too many fields", code="TOO_MANY_FIELDS")
        # Clients that do not encode what is not ASCII mean UTF-8 by it.
        return Form(self._parse(body if body.isascii() else quote_from_bytes(body, _ASCII).encode()), {})
