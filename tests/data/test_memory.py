"""Repositories in memory as an application sees them."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from pyfly.container import BeanGraphError, repository, service
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import (
    FilterOperator,
    InvalidValueError,
    TransactionManager,
    after_create,
    before_create,
    before_delete,
    transactional,
)
from pyfly.data.memory import MemoryRepository
from pyfly.kernel.exceptions import ConcurrencyException, DataIntegrityException

# mypy: disable-error-code=empty-body


@dataclass
class Project:
    name: str
    tags: list[str] = field(default_factory=list)
    id: int | None = None
    version: int | None = None


@repository
class Projects(MemoryRepository[Project, int], unique=["name"]):
    async def find_by_name(self, name: str) -> Project | None: ...


@service
class Planning:
    def __init__(self, projects: Projects) -> None:
        self.projects = projects
        self.heard: list[str] = []

    @transactional
    async def plan(self, *names: str) -> None:
        for name in names:
            await self.projects.save(Project(name))

    @before_create(Project)
    async def check(self, project: Project) -> None:
        if project.name == "forbidden":
            raise ValueError(project.name)

    @after_create(Project)
    async def hear(self, project: Project) -> None:
        self.heard.append(project.name)

    @before_delete(Project)
    def keep(self, project: Project) -> None:
        if project.name == "kept":
            raise ValueError(project.name)


@pytest.fixture
async def context() -> ApplicationContext:
    context = ApplicationContext(Config({}))
    context.register_bean(Projects)
    context.register_bean(Planning)
    return context


@pytest.mark.parametrize("wrong", [0, b"a", ["a"], {"$ne": ""}], ids=repr)
async def test_values_of_another_type_are_refused_as_in_databases(
    context: ApplicationContext, wrong: Any
) -> None:
    async with context:
        projects = context.get_bean(Projects)
        await projects.save(Project("a"))
        for call in (
            projects.find_by_name(wrong),
            projects.find_all(name=wrong),
            projects.count_by_spec(FilterOperator.gt("name", wrong)),
            projects.count_by_spec(FilterOperator.contains("name", wrong)),
            projects.find_all_by_spec(FilterOperator.in_list("name", [wrong])),
            projects.find_by_id(cast("int", str(wrong))),
            projects.delete_by_id(cast("int", str(wrong))),
        ):
            with pytest.raises(InvalidValueError):
                await call
        assert await projects.count_by_spec(FilterOperator.gt("id", 0.5)) == 1
        assert await projects.count(name=None) == 0


async def test_a_repository_in_memory_needs_no_configuration(context: ApplicationContext) -> None:
    async with context:
        planning, projects = context.get_bean(Planning), context.get_bean(Projects)
        await planning.plan("a", "b")
        found = await projects.find_by_name("a")
        assert found is not None
        assert found.id is not None
        assert projects.sync.find_by_name("b").name == "b"
        assert context.container.definitions_of(TransactionManager)


async def test_a_transaction_that_fails_keeps_nothing_and_nobody_hears_of_it(
    context: ApplicationContext,
) -> None:
    async with context:
        planning = context.get_bean(Planning)
        with pytest.raises(DataIntegrityException):
            await planning.plan("a", "b", "a")
        with pytest.raises(ValueError, match="forbidden"):
            await planning.plan("c", "forbidden")
        assert await planning.projects.count() == 0
        assert planning.heard == []
        await planning.plan("d")
        assert planning.heard == ["d"]


async def test_a_hook_can_prevent_a_deletion(context: ApplicationContext) -> None:
    async with context:
        projects = context.get_bean(Projects)
        kept = await projects.save(Project("kept"))
        with pytest.raises(ValueError, match="kept"):
            await projects.delete(kept)
        assert kept.id is not None
        with pytest.raises(ValueError, match="kept"):
            await projects.delete_by_id(kept.id)
        with pytest.raises(ValueError, match="kept"):
            projects.sync.delete(kept)
        assert await projects.count() == 1


async def test_callers_get_copies(context: ApplicationContext) -> None:
    async with context:
        projects = context.get_bean(Projects)
        saved = await projects.save(Project("a", ["x"]))
        saved.tags.append("y")
        found = await projects.find_by_name("a")
        assert found is not None
        assert found.tags == ["x"]


async def test_a_stale_entity_is_refused_with_the_current_version(context: ApplicationContext) -> None:
    async with context:
        projects = context.get_bean(Projects)
        saved = await projects.save(Project("a"))
        await projects.save(Project("b", id=saved.id, version=1))
        with pytest.raises(ConcurrencyException) as raised:
            await projects.save(Project("c", id=saved.id, version=1))
        assert raised.value.context == {"current_version": 2}


async def test_an_async_hook_is_refused_where_code_cannot_wait(context: ApplicationContext) -> None:
    async with context:
        with pytest.raises(TypeError, match=r"Planning\.check is async"):
            context.get_bean(Projects).sync.save(Project("a"))


async def test_a_misspelt_property_stops_the_start() -> None:
    class Misspelt(MemoryRepository[Project, int]):
        async def find_by_nmae(self, name: str) -> list[Project]: ...

    class Keyless(MemoryRepository[Project, int], key="code"):
        pass

    context = ApplicationContext(Config({}))
    context.register_bean(repository(Misspelt))
    context.register_bean(repository(Keyless))
    with pytest.raises(BeanGraphError) as raised:
        await context.start()
    told = " ".join(" ".join((*p.diagnosis.why, *p.diagnosis.fix)) for p in raised.value.problems)
    assert "Did you mean 'find_by_name'?" in told
    assert "Project has no property 'code'" in told


async def test_an_entity_that_is_refused_stays_as_it_was(context: ApplicationContext) -> None:
    async with context:
        projects = context.get_bean(Projects)
        await projects.save(Project("taken"))
        stored = await projects.save(Project("free"))
        new = Project("new")
        stored.name = "taken"
        with pytest.raises(DataIntegrityException):
            await projects.save_all([new, stored])
        assert (new.id, new.version, stored.version) == (None, None, 1)
        stored.name = "other"
        assert (await projects.save(stored)).version == 2


async def test_what_was_removed_meanwhile_is_not_stored_again(context: ApplicationContext) -> None:
    async with context:
        projects = context.get_bean(Projects)
        stored = await projects.save(Project("gone"))
        await projects.delete_by_id(stored.id or 0)
        with pytest.raises(ConcurrencyException, match="changed or removed by someone else"):
            await projects.save(stored)
        assert await projects.count() == 0


@dataclass
class Label:
    text: str
    id: str | None = None


async def test_an_identity_that_cannot_be_made_up_is_asked_for() -> None:
    class Labels(MemoryRepository[Label, str]): ...

    context = ApplicationContext(Config({}))
    context.register_bean(repository(Labels))
    await context.start()
    labels = context.get_bean(Labels)
    with pytest.raises(InvalidValueError, match=r"Label\.id is str, of which none can be made up"):
        await labels.save(Label("red"))
    assert (await labels.save(Label("red", "r"))).id == "r"
    await context.stop()


@dataclass
class Owner:
    owner: str


@dataclass
class Task:
    name: str
    owner: str
    id: int | None = None


@repository
class Tasks(MemoryRepository[Task, int]):
    async def find_distinct_by_id_greater_than_equal(self, least: int) -> list[Owner]: ...


@service
class Renaming:
    def __init__(self, tasks: Tasks) -> None:
        self.tasks = tasks
        self.attempts = 0

    @transactional(retry=3)
    async def rename(self, task_id: int) -> None:
        self.attempts += 1
        task = await self.tasks.find_by_id(task_id)
        assert task is not None
        task.name = f"{task.name}, renamed"
        await self.tasks.save(task)
        if self.attempts == 1:
            await asyncio.create_task(self.disturb(task_id), context=Context())

    async def disturb(self, task_id: int) -> None:
        task = await self.tasks.find_by_id(task_id)
        assert task is not None
        task.name = "disturbed"
        await self.tasks.save(task)


@pytest.fixture
async def tasks() -> AsyncIterator[ApplicationContext]:
    context = ApplicationContext(Config({"pyfly": {"data": {"retry": {"backoff": "0s"}}}}))
    context.register_bean(Tasks)
    context.register_bean(Renaming)
    async with context:
        yield context


async def test_a_unit_that_others_were_in_the_way_of_is_attempted_again(tasks: ApplicationContext) -> None:
    saved = await tasks.get_bean(Tasks).save(Task("a", "ann"))
    renaming = tasks.get_bean(Renaming)
    await renaming.rename(saved.id or 0)
    assert renaming.attempts == 2
    [found] = await tasks.get_bean(Tasks).find_all()
    assert found.name == "disturbed, renamed"


async def test_equal_projections_are_given_once(tasks: ApplicationContext) -> None:
    repository = tasks.get_bean(Tasks)
    await repository.save_all([Task("a", "ann"), Task("b", "bob"), Task("c", "ann")])
    assert await repository.find_distinct_by_id_greater_than_equal(1) == [Owner("ann"), Owner("bob")]
