"""What can be wrong with the wiring of messages.

PyFlyException
├── NoHandlerError (KeyError)           nobody handles a message
└── DuplicateHandlerError (ValueError)  several do
"""

from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.kernel.exceptions import PyFlyException


class NoHandlerError(PyFlyException, KeyError):
    """A message was sent that nobody handles."""

    __str__ = Exception.__str__  # KeyError would put quotes around the message

    def __init__(self, message_type: str, nearest: str | None = None) -> None:
        """Name the type of the message, and the *nearest* one that has a handler."""
        hint = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"No handler registered for {message_type}{hint}", code="NO_HANDLER")
        self.message_type = message_type
        self.nearest = nearest


class DuplicateHandlerError(PyFlyException, ValueError):
    """A second handler was registered for a message type."""

    def __init__(self, message_type: str, first: str, second: str) -> None:
        """Name the type and both handlers."""
        super().__init__(
            f"{message_type} is handled by {first} already, so {second} cannot handle it too",
            code="DUPLICATE_HANDLER",
        )


@diagnose.register
def _explain_missing(failure: NoHandlerError) -> Diagnosis:
    why = (f"The nearest message that has one is {failure.nearest}.",) if failure.nearest else ()
    return Diagnosis(
        f"{failure.message_type} was sent and has no handler.",
        why,
        (f"Write a @command_handler or @query_handler for {failure.message_type}.",),
    )
