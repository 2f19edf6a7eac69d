"""Columns that many entities have: an id, when and by whom, deleted or not, a version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from pyfly.data.relational.sqlalchemy.auditing import current_auditor, current_time, new_id
from pyfly.data.relational.sqlalchemy.types import UtcDateTime


class UuidId:
    """A UUID as the primary key, given when the entity is stored: random, or by time if ``pyfly.data.id`` says so."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)


class Timestamped:
    """When the entity was stored first, and when it was changed last; in UTC."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=current_time, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=current_time, onupdate=current_time, sort_order=90
    )


class Audited(Timestamped):
    """Also by whom: the name that the application's ``AuditorAware`` gives."""

    created_by: Mapped[str | None] = mapped_column(String(255), default=current_auditor, sort_order=91)
    updated_by: Mapped[str | None] = mapped_column(
        String(255), default=current_auditor, onupdate=current_auditor, sort_order=91
    )


class Versioned:
    """A version that counts the changes. Of two who change the same one, the second is refused."""

    version: Mapped[int] = mapped_column(sort_order=92)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # as SQLAlchemy names it
        """Let the mapper count."""
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]
