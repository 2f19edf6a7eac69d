"""A look at an error response."""

from pyfly.container import rest_controller
from pyfly.kernel import InvalidRequestException
from pyfly.web import get_mapping, request_mapping
from pyfly.web.openapi import api_response, api_tag


@rest_controller
@request_mapping("/api/oops")
@api_tag("oops", "A look at an error response.")
class OopsController:
    """Fails whenever it is asked."""

    @get_mapping()
    @api_response(400, "Always.")
    async def failing_request(self) -> str:
        """Always fail, to show what errors look like."""
        raise InvalidRequestException("This request always fails, to show what errors look like.")
