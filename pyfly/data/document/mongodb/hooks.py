"""Tells hooks of the commands that PyMongo sends; where there are no hooks, nothing is listened to."""

from typing import Any, Final

from pymongo.errors import OperationFailure
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from pyfly.data.hooks.calling import Hooks
from pyfly.data.ports.statements import SqlStatement

_PLUMBING: Final = ("lsid", "txnNumber", "startTransaction", "autocommit")


class CommandHooks(CommandListener):
    """Turns PyMongo's events into calls of hooks. What a hook raises before a command is logged by PyMongo."""

    def __init__(self, hooks: Hooks, datasource: str) -> None:
        """Call *hooks* for the commands of *datasource*."""
        self._hooks = hooks
        self._datasource = datasource
        self._running: dict[int, SqlStatement] = {}

    def started(self, event: CommandStartedEvent) -> None:
        """Tell the hooks that a command is sent."""
        about = event.command.get(event.command_name)
        text = f"{event.command_name} {about}" if isinstance(about, str) else event.command_name
        statement = self._hooks.statement(self._datasource, text, _said(event.command))
        self._running[event.request_id] = statement
        self._hooks.before(statement)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Tell the hooks that a command has succeeded."""
        statement = self._running.pop(event.request_id, None)
        if statement is not None:
            self._hooks.after(statement, _rows(event.reply))

    def failed(self, event: CommandFailedEvent) -> None:
        """Tell the hooks that a command was refused."""
        statement = self._running.pop(event.request_id, None)
        if statement is not None:
            failure = event.failure
            self._hooks.error(
                statement, OperationFailure(str(failure.get("errmsg", "")), failure.get("code"))
            )


def _said(command: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in list(command.items())[1:]
        if name not in _PLUMBING and not name.startswith("$")
    }


def _rows(reply: Any) -> int:
    cursor = reply.get("cursor")
    if cursor is not None:
        return len(cursor.get("firstBatch", cursor.get("nextBatch", ())))
    return int(reply.get("n", -1))
