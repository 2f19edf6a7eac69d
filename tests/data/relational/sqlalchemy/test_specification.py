# mypy: disable-error-code=empty-body
"""Specifications that are functions of a query: whatever it is made of, the same entities are meant everywhere."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import ForeignKey, Select, String, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column, relationship, selectinload

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import FilterOperator, Pageable, Scroll, Sort, Specification
from pyfly.data.relational.sqlalchemy import Repository, SoftDelete


class Clinic(DeclarativeBase):
    """The tables of these tests."""


class Owner(Clinic):
    __tablename__ = "spec_owners"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    city: Mapped[str] = mapped_column(String(50), default="Oslo")
    pets: Mapped[list["Pet"]] = relationship(lazy="joined", cascade="all, delete-orphan")


class Pet(SoftDelete, Clinic):
    __tablename__ = "spec_pets"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    owner_id: Mapped[int] = mapped_column(ForeignKey("spec_owners.id"))


class Visit(Clinic):
    """It belongs to nothing, so that many are deleted by one statement."""

    __tablename__ = "spec_visits"

    pet: Mapped[str] = mapped_column(String(50), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


@repository
class Owners(Repository[Owner, int]):
    pass


@repository
class Pets(Repository[Pet, int]):
    pass


@repository
class Visits(Repository[Visit, tuple[str, int]]):
    pass


Query = Select[tuple[Any, ...]]


@pytest.fixture
async def clinic(url: str) -> AsyncIterator[ApplicationContext]:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    for bean in (Owners, Pets, Visits):
        context.register_bean(bean)
    async with context:
        ann, bob, cid = (Owner(name=name) for name in ("ann", "bob", "cid"))
        ann.pets = [Pet(name="rex"), Pet(name="rex"), Pet(name="tom")]
        bob.pets = [Pet(name="tom")]
        await context.get_bean(Owners).save_all([ann, bob, cid])
        await context.get_bean(Visits).save_all(
            [Visit(pet="rex", day=1), Visit(pet="rex", day=2), Visit(pet="tom", day=1)]
        )
        yield context


def with_pet(name: str) -> Specification[Owner]:
    return Specification(lambda root, query: query.join(Pet, Pet.owner_id == root.id).where(Pet.name == name))


async def met(owners: Owners, spec: Specification[Owner]) -> list[str]:
    """Return whom *spec* means; every call that takes one has to agree."""
    names = [each.name for each in await owners.find_all_by_spec(spec, Sort.by("name"))]
    assert await owners.count_by_spec(spec) == len(names)
    assert await owners.exists_by_spec(spec) is bool(names)
    page = await owners.find_all_by_spec(spec, Pageable.of(1, 2, Sort.by("name")))
    assert ([each.name for each in page.items], page.total) == (names[:2], len(names))
    cursor = await owners.find_all_by_spec(spec, Scroll(size=5, sort=Sort.by("name")))
    assert [each.name for each in cursor.items] == names
    return names


SPECIFICATIONS: dict[str, tuple[Callable[..., Any], list[str]]] = {
    "join": (lambda root, query: query.join(Pet, Pet.owner_id == root.id).where(Pet.name == "rex"), ["ann"]),
    "join of a relationship": (
        lambda root, query: query.join(root.pets).where(Pet.name == "tom"),
        ["ann", "bob"],
    ),
    "outer join": (lambda root, query: query.outerjoin(root.pets).where(Pet.id.is_(None)), ["cid"]),
    "other table in the condition": (
        lambda root, query: query.where(Pet.owner_id == root.id),
        ["ann", "bob"],
    ),
    "other table without query": (lambda root: (Pet.owner_id == root.id) & (Pet.name == "rex"), ["ann"]),
    "group": (
        lambda root, query: query.join(root.pets).group_by(root.id).having(func.count(Pet.id) > 1),
        ["ann"],
    ),
    "limit": (lambda root, query: query.order_by(root.name.desc()).limit(1), ["cid"]),
    "offset": (lambda root, query: query.order_by(root.name).limit(5).offset(1), ["bob", "cid"]),
    "distinct": (
        lambda root, query: query.join(root.pets).distinct().order_by(root.name).limit(2),
        ["ann", "bob"],
    ),
    "union": (
        lambda root, query: query.where(root.name == "ann").union(query.where(root.name == "cid")),
        ["ann", "cid"],
    ),
    "columns of its own": (
        lambda root, query: (
            query.join(root.pets)
            .add_columns(func.count(Pet.id).label("n"))
            .group_by(root.id)
            .order_by(text("n DESC"))
            .limit(1)
        ),
        ["ann"],
    ),
    "subquery": (lambda root, query: query.where(root.id.in_(select(Pet.owner_id))), ["ann", "bob"]),
    "several conditions": (lambda root, query: query.where(root.name > "a", root.name < "c"), ["ann", "bob"]),
    "no condition": (lambda _root, query: query, ["ann", "bob", "cid"]),
    "alias": (
        lambda root, query: query.join(other := aliased(Pet), other.owner_id == root.id).where(
            other.name == "rex"
        ),
        ["ann"],
    ),
}


@pytest.mark.parametrize("kind", SPECIFICATIONS)
async def test_a_query_of_any_kind_means_its_entities_once(clinic: ApplicationContext, kind: str) -> None:
    predicate, names = SPECIFICATIONS[kind]
    assert await met(clinic.get_bean(Owners), Specification(predicate)) == names


async def test_specifications_with_joins_are_joined_and_negated(clinic: ApplicationContext) -> None:
    owners = clinic.get_bean(Owners)
    assert await met(owners, with_pet("rex") & with_pet("tom")) == ["ann"]
    assert await met(owners, with_pet("rex") | FilterOperator.eq("name", "cid")) == ["ann", "cid"]
    assert await met(owners, ~with_pet("tom")) == ["cid"]
    assert await met(owners, ~with_pet("rex") & with_pet("tom")) == ["bob"]


async def test_only_what_is_meant_is_deleted(clinic: ApplicationContext) -> None:
    owners, visits = clinic.get_bean(Owners), clinic.get_bean(Visits)
    without = Specification[Owner](SPECIFICATIONS["outer join"][0])
    assert await owners.delete_by_spec(without) == 1
    assert [each.name for each in await owners.find_all(Sort.by("name"))] == ["ann", "bob"]
    of_tom = Specification[Visit](
        lambda root, query: query.join(Pet, Pet.name == root.pet).where(Pet.name == "tom")
    )
    assert await visits.delete_by_spec(of_tom) == 1
    first = Specification[Visit](lambda root, query: query.order_by(root.day).limit(1))
    assert await visits.delete_by_spec(first) == 1
    assert [(each.pet, each.day) for each in await visits.find_all()] == [("rex", 2)]


async def test_joins_do_not_see_what_is_marked_as_deleted(clinic: ApplicationContext) -> None:
    pets = clinic.get_bean(Pets)
    for pet in await pets.find_all(name="rex"):
        await pets.delete(pet)
    assert await met(clinic.get_bean(Owners), with_pet("rex")) == []


async def test_an_alias_of_the_entity_is_filtered_like_the_entity(clinic: ApplicationContext) -> None:
    other = aliased(Owner)
    for spec in (with_pet("rex"), FilterOperator.eq("name", "ann")):
        query = spec.to_predicate(other, select(other.name))
        async with clinic.get_bean(Owners).session() as session:
            assert list(await session.scalars(query)) == ["ann"]


async def test_specifications_may_be_objects_and_partial_functions(clinic: ApplicationContext) -> None:
    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

        def __call__(self, root: Any, query: Query) -> Query:
            return query.where(root.name == self.name)

        def of(self, root: Any) -> Any:
            return root.name == self.name

    def named(name: str, root: Any, query: Query) -> Query:
        return query.where(root.name == name)

    owners = clinic.get_bean(Owners)
    for predicate in (
        Named("bob"),
        Named("bob").of,
        partial(named, "bob"),
        lambda root, name="bob": root.name == name,
    ):
        assert await met(owners, Specification(predicate)) == ["bob"]


@pytest.mark.parametrize(
    ("predicate", "reason"),
    [
        (lambda root, query: query.order_by(root.name), "cannot sort: give the call a Sort"),
        (lambda root, query: query.options(selectinload(root.pets)), "cannot say how entities are loaded"),
        (lambda _root, query: query.with_for_update(), "cannot lock"),
        (lambda root, query: query.with_only_columns(root.name), "has to select it"),
    ],
    ids=["order", "options", "lock", "columns"],
)
async def test_what_a_set_of_entities_cannot_say_is_refused(
    clinic: ApplicationContext, predicate: Callable[..., Any], reason: str
) -> None:
    owners = clinic.get_bean(Owners)
    for call in (owners.find_all_by_spec, owners.count_by_spec, owners.exists_by_spec, owners.delete_by_spec):
        with pytest.raises(ValueError, match=reason):
            await call(Specification(predicate))
    assert await owners.count() == 3
