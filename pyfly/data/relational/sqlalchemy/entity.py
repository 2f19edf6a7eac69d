"""The base classes of entities."""

from typing import ClassVar

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase

from pyfly.data.relational.sqlalchemy.mixins import Audited, UuidId

# Names that do not depend on the database, so that migrations can refer to every constraint.
_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base of entities. Applications may have one of their own instead."""

    metadata = MetaData(naming_convention=_NAMES)
    # MariaDB has no texts of any length that can be indexed: a plain ``Mapped[str]`` is of the usual one there.
    type_annotation_map: ClassVar = {str: String().with_variant(String(255), "mysql", "mariadb")}


class BaseEntity(UuidId, Audited, Base):
    """An entity with a UUID and the columns that say who changed it when."""

    __abstract__ = True
