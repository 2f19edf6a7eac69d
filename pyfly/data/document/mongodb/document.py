"""The base of documents, and what many of them have: when and by whom, a version, a mark of deletion."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from beanie import Document, Insert, Replace, Save, SaveChanges, before_event
from pydantic import BaseModel, Field

from pyfly.kernel.clock import SystemClock
from pyfly.kernel.record import Record

_now = SystemClock().now


class Auditing(Record):
    """What tells documents the time, and whom the work is done for."""

    now: Callable[[], datetime] = _now
    auditor: Callable[[], str | None] | None = None


class BaseDocument(Document):
    """A document that knows when, and by whom, it was stored first and changed last; in UTC.

    The names come from the application's ``AuditorAware``, the times from its ``Clock``, whether a document
    is saved by a repository or by Beanie itself. An inner class ``Settings`` need not inherit anything.
    """

    created_at: datetime = Field(default_factory=_now)
    updated_at: datetime = Field(default_factory=_now)
    created_by: str | None = None
    updated_by: str | None = None

    _auditing: ClassVar[Auditing] = Auditing()

    class Settings:
        """What Beanie is told: documents know what has changed since they were loaded."""

        use_state_management = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        own = vars(cls).get("Settings")
        inherited = next(vars(base)["Settings"] for base in cls.__mro__[1:] if "Settings" in vars(base))
        # Beanie reads one class; one that does not inherit would lose what the base has set.
        if isinstance(own, type) and not issubclass(own, inherited):
            cls.Settings = type("Settings", (own, inherited), {})  # type: ignore[misc, assignment]

    @before_event(Insert)
    def note_creation(self) -> None:
        """Fill in when, and by whom, the document is stored first."""
        self.created_at = self._auditing.now()
        self.created_by = self._current_auditor()

    @before_event(Insert, Replace, Save, SaveChanges)
    def note_change(self) -> None:
        """Fill in when, and by whom, the document is changed."""
        self.updated_at = self._auditing.now()
        self.updated_by = self._current_auditor()

    @classmethod
    def audit_with(cls, auditing: Auditing) -> None:
        """Ask *auditing* for times and names from now on."""
        cls._auditing = auditing

    @classmethod
    def current_time(cls) -> datetime:
        """Return the time by the application's clock."""
        return cls._auditing.now()

    def _current_auditor(self) -> str | None:
        auditor = self._auditing.auditor
        return None if auditor is None else auditor()


class Versioned(BaseModel):
    """A version that counts the changes. Of two who change the same document, the second is refused."""

    version: int | None = None


class SoftDelete(BaseModel):
    """Deleting such a document sets ``deleted_at``; no query of a repository finds it then, unless it asks to."""

    deleted_at: datetime | None = None

    @property
    def is_deleted(self) -> bool:
        """Whether it has been deleted."""
        return self.deleted_at is not None
