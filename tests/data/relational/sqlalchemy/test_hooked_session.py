"""Hooks of entities in an application with a database: whatever changes an entity, they hear of it, and once."""

# mypy: disable-error-code=empty-body

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import ForeignKey, String, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from pyfly.container import component, repository, service
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import (
    Propagation,
    Specification,
    after_commit,
    after_create,
    after_delete,
    after_load,
    after_update,
    before_create,
    before_delete,
    before_update,
    transactional,
)
from pyfly.data.relational.sqlalchemy import Repository, SoftDelete, SqlAlchemyTransactionManager, query


class Tables(DeclarativeBase):
    pass


class Team(Tables):
    __tablename__ = "hook_teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    players: Mapped[list["Player"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class Player(Tables):
    __tablename__ = "hook_players"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("hook_teams.id"))


class Note(Tables):
    __tablename__ = "hook_notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))


class Paper(SoftDelete, Tables):
    __tablename__ = "hook_papers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))


@repository
class Teams(Repository[Team, int]):
    pass


@repository
class Players(Repository[Player, int]):
    async def delete_by_name(self, name: str) -> int: ...
    async def find_by_name(self, name: str) -> list[Player]: ...

    @query("UPDATE hook_players SET name = :name", modifying=True)
    async def rename_all(self, name: str) -> int: ...


@repository
class Notes(Repository[Note, int]):
    pass


@repository
class Papers(Repository[Paper, int]):
    pass


@component
class Watch:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.seen: list[str] = []
        self.writes_notes = False

    @before_create(Player)
    @before_update(Player)
    async def check(self, player: Player) -> None:
        await asyncio.sleep(0)
        self.seen.append(f"check {player.name}")
        if player.name == "bad":
            raise ValueError("No bad players")
        if self.writes_notes:
            await self.notes.save(Note(text=f"{await self.notes.count()}: {player.name}"))

    @before_delete(Player)
    async def leaving(self, player: Player) -> None:
        self.seen.append(f"leaving {player.name}")

    @after_create(Player, phase="transaction")
    async def created(self, player: Player) -> None:
        self.seen.append(f"created {player.name} as {player.id is not None}")

    @after_update(Player, phase="transaction")
    async def updated(self, player: Player) -> None:
        self.seen.append(f"updated {player.name}")

    @after_delete(Player)
    async def left(self, player: Player) -> None:
        self.seen.append(f"left {player.name}")


@component
class PaperWatch:
    def __init__(self) -> None:
        self.seen: list[str] = []

    @before_delete(Paper)
    def shredded(self, paper: Paper) -> None:
        self.seen.append(f"shredded {paper.name}")

    @after_update(Paper)
    def back(self, paper: Paper) -> None:
        self.seen.append(f"back {paper.name}")

    @before_create(Paper)
    def new(self, paper: Paper) -> None:
        self.seen.append(f"new {paper.name}")

    @after_load(Paper)
    def loaded(self, paper: Paper) -> None:
        self.seen.append(f"loaded {paper.name}")

    @after_load(Team)
    async def team(self, team: Team) -> None:
        self.seen.append(f"loaded {team.name}")


@service
class Coach:
    def __init__(self, players: Players, teams: Teams, watch: Watch) -> None:
        self.players, self.teams, self.watch = players, teams, watch

    @transactional
    async def rename(self, old: str, new: str) -> None:
        for player in await self.players.find_by_name(old):
            player.name = new
        self.watch.seen.append("end of the transaction")

    @transactional
    async def rename_and_look(self, old: str, new: str) -> int:
        [player] = await self.players.find_by_name(old)
        player.name = new
        return len(await self.players.find_by_name(new))

    @transactional
    async def let_go(self, team_id: int) -> None:
        team = await self.teams.get_by_id(team_id)
        team.players.clear()

    @transactional
    async def outer(self, name: str) -> None:
        await self.players.save(Player(name=name))
        await self.inner(f"{name} junior")

    @transactional(propagation=Propagation.NESTED)
    async def inner(self, name: str) -> None:
        await self.players.save(Player(name=name))
        after_commit(lambda: self.watch.seen.append("committed"))

    @transactional
    async def in_session(self, old: str) -> None:
        async with self.players.session() as session:
            session.add(Player(name="added by hand"))
            await session.flush()
            await session.execute(update(Player).where(Player.name == old).values(name="statement"))


def is_called(name: str) -> Specification[Player]:
    return Specification(lambda root: root.name == name)


@pytest.fixture(params=["memory", "file", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    if request.param == "memory":
        return "sqlite://"
    if request.param == "file":
        return f"sqlite:///{tmp_path}/hooks.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def context(url: str) -> AsyncIterator[ApplicationContext]:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    for bean in (Teams, Players, Notes, Papers, Watch, PaperWatch, Coach):
        context.register_bean(bean)
    async with context:
        await context.get_bean(Teams).delete_all()
        await context.get_bean(Players).delete_all()
        await context.get_bean(Notes).delete_all()
        context.get_bean(Watch).seen.clear()
        yield context


def beans(context: ApplicationContext) -> tuple[Players, Watch, Coach]:
    return context.get_bean(Players), context.get_bean(Watch), context.get_bean(Coach)


file_only = pytest.mark.parametrize("url", ["file"], indirect=True)


async def test_a_repository_tells_each_hook_once(context: ApplicationContext) -> None:
    players, watch, _ = beans(context)
    player = await players.save(Player(name="ann"))
    player.name = "bea"
    await players.save(player)
    await players.save(player)
    await players.delete(player)
    assert watch.seen == [
        "check ann", "created ann as True", "check bea", "updated bea", "leaving bea", "left bea",
    ]  # fmt: skip


async def test_a_change_that_nobody_saves_is_told_when_it_is_written(context: ApplicationContext) -> None:
    players, watch, coach = beans(context)
    await players.save(Player(name="ann"))
    watch.seen.clear()
    await coach.rename("ann", "bea")
    assert watch.seen == ["end of the transaction", "check bea", "updated bea"]
    watch.seen.clear()
    assert await coach.rename_and_look("bea", "cora") == 1
    assert watch.seen == ["check cora", "updated cora"]


async def test_a_hook_prevents_a_change_that_nobody_saves(context: ApplicationContext) -> None:
    players, _watch, coach = beans(context)
    await players.save(Player(name="ann"))
    with pytest.raises(ValueError, match="No bad players"):
        await coach.rename("ann", "bad")
    assert [player.name for player in await players.find_all()] == ["ann"]


async def test_deletions_by_name_by_specification_and_of_all_are_told(context: ApplicationContext) -> None:
    players, watch, _ = beans(context)
    await players.save_all([Player(name=name) for name in ("ann", "bea", "cora")])
    watch.seen.clear()
    assert await players.delete_by_name("ann") == 1
    assert await players.delete_by_spec(is_called("bea")) == 1
    await players.delete_all()
    told = [("leaving " + name, "left " + name) for name in ("ann", "bea", "cora")]
    assert watch.seen == [each for pair in told for each in pair]
    assert await players.count() == 0


async def test_hooks_use_repositories_in_the_transaction_of_the_change(context: ApplicationContext) -> None:
    players, watch, coach = beans(context)
    watch.writes_notes = True
    await players.save_all([Player(name="ann"), Player(name="bea")])
    await coach.rename("ann", "cora")
    texts = [note.text for note in await watch.notes.find_all()]
    assert sorted(text[:2] for text in texts) == ["0:", "1:", "2:"]
    assert sorted(text[3:] for text in texts) == ["ann", "bea", "cora"]
    with pytest.raises(ValueError, match="No bad"):
        await players.save_all([Player(name="dora"), Player(name="bad")])
    assert await watch.notes.count() == 3


async def test_savepoints_and_statements_written_by_hand_tell_what_they_write(
    context: ApplicationContext,
) -> None:
    _players, watch, coach = beans(context)
    watch.writes_notes = True
    await coach.outer("ann")
    assert watch.seen == [
        "check ann", "created ann as True", "check ann junior", "created ann junior as True", "committed",
    ]  # fmt: skip
    watch.seen.clear()
    await coach.in_session("ann")
    assert watch.seen == ["check added by hand", "created added by hand as True"]


async def test_what_belongs_to_a_deleted_entity_is_told_too(context: ApplicationContext) -> None:
    _players, watch, coach = beans(context)
    teams = context.get_bean(Teams)
    team = await teams.save(Team(name="reds", players=[Player(name="ann"), Player(name="bea")]))
    assert sorted(each for each in watch.seen if each.startswith("created")) == [
        "created ann as True",
        "created bea as True",
    ]
    watch.seen.clear()
    await coach.let_go(team.id)
    assert sorted(watch.seen) == ["leaving ann", "leaving bea", "left ann", "left bea"]
    other = await teams.save(Team(name="blues", players=[Player(name="cora")]))
    watch.seen.clear()
    await teams.delete_by_id(other.id)
    assert watch.seen == ["leaving cora", "left cora"]


@file_only
async def test_marking_an_entity_as_deleted_is_a_deletion(context: ApplicationContext) -> None:
    papers, watch = context.get_bean(Papers), context.get_bean(PaperWatch)
    paper = await papers.save(Paper(name="plan"))
    await papers.delete(paper)
    await papers.restore(paper.id)
    await papers.purge(paper.id)
    assert [each for each in watch.seen if "loaded" not in each] == [
        "new plan", "shredded plan", "back plan", "shredded plan",
    ]  # fmt: skip


async def test_code_that_is_not_async_tells_plain_hooks(context: ApplicationContext) -> None:
    papers, watch = context.get_bean(Papers), context.get_bean(PaperWatch)

    def work() -> None:
        paper = papers.sync.save(Paper(name="sync plan"))
        manager = context.get_bean(SqlAlchemyTransactionManager)
        with manager.transaction_sync():
            papers.sync.get_by_id(paper.id).name = "other plan"
        papers.sync.delete_all()

    await asyncio.to_thread(work)
    assert [each for each in watch.seen if "loaded" not in each][:3] == [
        "new sync plan",
        "back other plan",
        "shredded other plan",
    ]
    with pytest.raises(TypeError, match=r"Watch\.check is async"):
        await asyncio.to_thread(beans(context)[0].sync.save, Player(name="ann"))


async def test_what_is_loaded_is_told_once_before_it_is_returned(context: ApplicationContext) -> None:
    papers, teams, watch = context.get_bean(Papers), context.get_bean(Teams), context.get_bean(PaperWatch)
    await papers.delete_all()
    paper = await papers.save(Paper(name="plan"))
    team = await teams.save(Team(name="reds"))
    watch.seen.clear()
    await papers.find_by_id(paper.id)
    await papers.find_paginated()
    assert [each.name async for each in papers.stream()] == ["plan"]
    await teams.find_all()
    assert watch.seen == ["loaded plan"] * 3 + ["loaded reds"]
    watch.seen.clear()
    async with context.get_bean(SqlAlchemyTransactionManager).transaction():
        kept = await teams.find_by_id(team.id)
        assert await teams.find_by_id(team.id) is kept
        await teams.count()
    await asyncio.to_thread(papers.sync.find_all)
    assert watch.seen == ["loaded reds", "loaded plan"]
