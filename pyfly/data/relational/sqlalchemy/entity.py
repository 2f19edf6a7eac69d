"""The base classes of entities."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.data.relational.sqlalchemy.types import UtcDateTime
from pyfly.kernel.clock import SystemClock

# Names that do not depend on the database, so that migrations can refer to every constraint.
_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


_now = SystemClock().now


class Base(DeclarativeBase):
    """The declarative base of entities. Applications may have one of their own instead."""

    metadata = MetaData(naming_convention=_NAMES)


class BaseEntity(Base):
    """An entity with a UUID and the columns that say who changed it when."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now, onupdate=_now)
    created_by: Mapped[str | None] = mapped_column(String(255), default=None)
    updated_by: Mapped[str | None] = mapped_column(String(255), default=None)
