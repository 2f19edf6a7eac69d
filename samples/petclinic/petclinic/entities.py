"""The tables of the clinic and how their rows belong together.

What a response shows of an entity is loaded with it (``selectin`` and ``joined``), because an
entity outlives the transaction that read it.
"""

import datetime as dt

from pyfly.data.relational.sqlalchemy import Base
from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship


class Numbered(Base):
    """Something with a number of its own, given by the database."""

    __abstract__ = True
    # Without AUTOINCREMENT, SQLite gives the number of a deleted row to the next new one.
    __table_args__: tuple[object, ...] = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)


class Named(Numbered):
    """Something that is known by a name."""

    __abstract__ = True

    name: Mapped[str] = mapped_column(String(80), index=True)


class Person(Numbered):
    """Somebody with a first and a last name."""

    __abstract__ = True

    first_name: Mapped[str] = mapped_column(String(30))
    last_name: Mapped[str] = mapped_column(String(30), index=True)


class PetType(Named):
    """A kind of animal, such as cat."""

    __tablename__ = "types"


class Specialty(Named):
    """A field in which vets are trained."""

    __tablename__ = "specialties"


class Visit(Numbered):
    """One appointment of a pet."""

    __tablename__ = "visits"

    pet_id: Mapped[int] = mapped_column(ForeignKey("pets.id", ondelete="CASCADE"), index=True)
    date: Mapped[dt.date] = mapped_column("visit_date")
    description: Mapped[str] = mapped_column(String(255))


class Pet(Numbered):
    """An animal; it belongs to one owner, and its visits end with it."""

    __tablename__ = "pets"

    name: Mapped[str] = mapped_column(String(30), index=True)
    birth_date: Mapped[dt.date]
    type_id: Mapped[int] = mapped_column(ForeignKey("types.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"), index=True)

    type: Mapped[PetType] = relationship(lazy="joined", innerjoin=True)
    visits: Mapped[list[Visit]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=True, order_by=Visit.date.desc()
    )


class Owner(Person):
    """Somebody who brings pets to the clinic."""

    __tablename__ = "owners"

    address: Mapped[str] = mapped_column(String(255))
    city: Mapped[str] = mapped_column(String(80))
    telephone: Mapped[str] = mapped_column(String(20))

    pets: Mapped[list[Pet]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=True, order_by=Pet.name
    )


vet_specialties = Table(
    "vet_specialties",
    Base.metadata,
    Column("vet_id", ForeignKey("vets.id", ondelete="CASCADE"), primary_key=True),
    Column("specialty_id", ForeignKey("specialties.id", ondelete="CASCADE"), primary_key=True),
)


class Vet(Person):
    """Somebody who treats pets."""

    __tablename__ = "vets"

    specialties: Mapped[list[Specialty]] = relationship(
        secondary=vet_specialties, lazy="selectin", passive_deletes=True, order_by=Specialty.name
    )


class Role(Numbered):
    """What a user may do; the name starts with ``ROLE_``."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("role", "username"), *Numbered.__table_args__)

    username: Mapped[str] = mapped_column(ForeignKey("users.username", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column("role", String(20))


class User(Base):
    """Somebody who may use the service once security is switched on."""

    __tablename__ = "users"

    username: Mapped[str] = mapped_column(String(20), primary_key=True)
    password: Mapped[str] = mapped_column(String(255))
    enabled: Mapped[bool] = mapped_column(default=True)

    roles: Mapped[list[Role]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=True, order_by=Role.name
    )
