"""What can go wrong with publishing and replaying."""

from pyfly.kernel.exceptions import InfrastructureException, ResourceNotFoundException


class EventBusStoppedError(InfrastructureException):
    """An event was published after the bus had been stopped."""


class UnknownDeadLetterError(ResourceNotFoundException):
    """There is no dead letter with this id, or nobody listens any more who could take it."""
