"""Refusals of representations that nobody can provide or understand."""

from collections.abc import Sequence

from pyfly.kernel.exceptions import InvalidRequestException, UnsupportedMediaTypeException

_LONGEST = 100


class NotAcceptable(InvalidRequestException):  # a kernel exception in a more specific form
    """The client wants a representation that the route does not have (406)."""

    status = 406

    def __init__(self, offers: Sequence[str]) -> None:
        """Tell which media types there are."""
        super().__init__(
            f"Available here: {', '.join(offers)}", code="NOT_ACCEPTABLE", context={"available": [*offers]}
        )


class NotReadable(UnsupportedMediaTypeException):  # a kernel exception in a more specific form
    """The body is of a media type that the route does not take (415)."""

    def __init__(self, given: str, taken: Sequence[str]) -> None:
        """Tell which media types are taken instead of *given*."""
        shown = given[:_LONGEST] or "no content type"
        super().__init__(
            f"Content type '{shown}' is not supported; send {', '.join(taken)}",
            code="UNSUPPORTED_MEDIA_TYPE",
        )
        self.headers = {"Accept": ", ".join(taken)}
