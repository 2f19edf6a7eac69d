"""A look at an error response."""

from pyfly.container import rest_controller
from pyfly.kernel import InvalidRequestException
from pyfly.web import get_mapping, request_mapping


@rest_controller
@request_mapping("/api/oops")
class OopsController:
    """Fails whenever it is asked."""

    @get_mapping()
    async def failing_request(self) -> str:
        """Always fail, to show what errors look like."""
        raise InvalidRequestException("This request always fails, to show what errors look like.")
