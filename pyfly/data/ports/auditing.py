"""Port: who is working at the moment, for the columns that say who created and changed a row."""

from typing import Protocol


class AuditorAware(Protocol):
    """Port: names the current user. A bean that inherits it fills ``created_by`` and ``updated_by``."""

    def current_auditor(self) -> str | None:
        """Return the name of whoever the current work is done for; ``None`` if there is nobody."""
