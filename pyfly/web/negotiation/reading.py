"""Who reads a request body: chosen by its content type, among readers that were found at start-up."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import ValidationError

from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.kernel.exceptions import InvalidRequestException, PyFlyException
from pyfly.web.negotiation.exceptions import NotReadable
from pyfly.web.negotiation.media_types import MediaType, parse_media_type
from pyfly.web.negotiation.offers import JSON, bare, is_json
from pyfly.web.ports.messages import HttpMessageConverter, Reader

_ANY_JSON = "application/*+json"


class NoReaderError(Exception):
    """A handler wants a body that nobody can read."""

    def __init__(self, annotation: object) -> None:
        """Name the type of the body."""
        self.annotation = getattr(annotation, "__name__", str(annotation))
        super().__init__(f"nothing reads a request body as {self.annotation}")


@diagnose.register
def _explain(failure: NoReaderError) -> Diagnosis:
    return Diagnosis(
        what=f"A handler takes {failure.annotation} as its body, and {failure}.",
        fix=(f"Register an HttpMessageConverter whose reader() takes {failure.annotation}.",),
    )


class Reading:
    """The readers of one route's body."""

    __slots__ = ("_known", "_readers", "taken")

    def __init__(
        self,
        consumes: Sequence[str],
        annotation: Any,
        json: Reader | None,
        converters: Sequence[HttpMessageConverter],
    ) -> None:
        """Read what *consumes* names, or JSON and what *converters* read as *annotation*.

        Raises:
            NoReaderError: Nobody reads the type.
        """
        own = _readers(annotation, converters)
        wanted = [bare(name) for name in consumes] or [JSON, _ANY_JSON, *own]
        self._readers: list[tuple[MediaType, Reader]] = []
        for name in wanted:
            media_type = parse_media_type(name)
            read = own.get(name) or (json if is_json(name) or annotation in (str, bytes) else None)
            if media_type is not None and read is not None:
                self._readers.append((media_type, read))
        if not self._readers:
            raise NoReaderError(annotation)
        names = dict.fromkeys(f"{found.type}/{found.subtype}" for found, _ in self._readers)
        self.taken = tuple(name for name in names if name != _ANY_JSON)
        self._known: dict[bytes, Reader] = {}

    def of(self, content_type: bytes | None) -> Reader:
        """Return the reader for *content_type*; without one the first.

        Raises:
            NotReadable: The route does not take it.
        """
        if content_type is None:
            return self._readers[0][1]
        known = self._known.get(content_type)
        if known is not None:
            return known
        text = content_type.decode("latin-1")
        given = parse_media_type(text)
        for media_type, read in self._readers:
            if given is not None and media_type.includes(given):
                if len(self._known) < 64 and len(content_type) <= 128:
                    self._known[content_type] = read
                return read
        raise NotReadable(bare(text), self.taken)

    def unnamed(self) -> NotReadable:
        """Return the refusal of a body without a content type."""
        return NotReadable("", self.taken)


def is_wanted(consumes: Sequence[str], annotation: Any, converters: Sequence[HttpMessageConverter]) -> bool:
    """Say whether a body needs more than the built-in JSON reader."""
    return bool(consumes) or any(converter.reader(annotation) is not None for converter in converters)


def require_content_type(consumes: Sequence[str]) -> Any:
    """Return the check of a content type for a route that reads its body itself."""
    taken = [found for found in map(parse_media_type, consumes) if found is not None]

    def check(content_type: bytes | None) -> None:
        text = (content_type or b"").decode("latin-1")
        given = parse_media_type(text)
        if given is None or not any(item.includes(given) for item in taken):
            raise NotReadable(bare(text), consumes)

    return check


def _readers(annotation: Any, converters: Sequence[HttpMessageConverter]) -> dict[str, Reader]:
    found: dict[str, Reader] = {}
    for converter in converters:
        read = converter.reader(annotation)
        if read is not None:
            for name in converter.media_types:
                found.setdefault(bare(name), _refusing(read))
    return found


def _refusing(read: Reader) -> Reader:
    def checked(body: bytes) -> Any:
        try:
            return read(body)
        except (PyFlyException, ValidationError):
            raise
        except ValueError as error:
            raise InvalidRequestException(
                "The request body cannot be read as its content type says", code="UNREADABLE_BODY"
            ) from error

    return checked
