"""The one protocol by which the context starts and stops things."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Lifecycle(Protocol):
    """Something that has to be started before use and stopped afterwards.

    Implementations need not inherit from it: having both methods is enough. The context calls
    each method once. An attribute ``phase: int`` (0 when absent) says when: lower phases start
    first and stop last.
    """

    async def start(self) -> None:
        """Become ready for use. Raise if that is impossible.

        :meth:`stop` is then not called, nor after a cancellation or a time limit: whatever a start
        that fails has taken so far, it has to release itself.
        """

    async def stop(self) -> None:
        """Release everything :meth:`start` took. Nothing is used after this."""
