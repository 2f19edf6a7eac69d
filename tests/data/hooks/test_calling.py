from datetime import timedelta

import pytest

from pyfly.container import Container
from pyfly.container.exceptions import BeanCreationException
from pyfly.data import SqlClient
from pyfly.data.hooks import Hooks, LeakHook, SqlHook, SqlStatement, StatementProperties
from pyfly.data.hooks.properties import HookEnabled, HookProperties
from pyfly.testing import TestClock
from tests.data.conftest import OfficeBuild
from tests.data.office.records import Listener


class Heard(SqlHook):
    def __init__(self) -> None:
        self.told: list[str] = []

    def before(self, statement: SqlStatement) -> None:
        self.told.append(f"before {statement.sql}")

    def after(self, statement: SqlStatement) -> None:
        self.told.append(f"after {statement.seconds:g} s, {statement.rows} rows")

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        self.told.append(f"{failure!r} after {statement.seconds:g} s")


def test_any_store_can_tell_hooks_of_what_it_sends() -> None:
    container, clock = Container(), TestClock()
    container.register(Heard)
    hooks = Hooks(container, StatementProperties(), clock)
    assert hooks
    statement = hooks.statement("documents", "find letters", {"title": "a"})
    hooks.before(statement)
    clock.advance(timedelta(seconds=2))
    hooks.after(statement, 3)
    hooks.error(statement, ValueError("no"))
    assert container.resolve(Heard).told == [
        "before find letters",
        "after 2 s, 3 rows",
        "ValueError('no') after 2 s",
    ]
    assert (statement.transaction, statement.attempt, statement.correlation_id) == (None, 1, "")


class Refusing(SqlHook):
    def before(self, statement: SqlStatement) -> None:
        raise PermissionError(statement.sql)


def test_what_a_store_sends_although_a_hook_has_refused_it_is_timed_as_well() -> None:
    container, clock = Container(), TestClock()
    container.register(Refusing)
    hooks = Hooks(container, StatementProperties(), clock)
    clock.advance(timedelta(days=3))
    statement = hooks.statement("documents", "find letters", {})
    with pytest.raises(PermissionError):
        hooks.before(statement)
    clock.advance(timedelta(seconds=2))
    hooks.after(statement)
    assert statement.seconds == 2


class MyLeaks(LeakHook): ...


def test_hooks_of_every_kind_can_be_left_out_by_their_names() -> None:
    container = Container()
    container.register(MyLeaks)
    container.register(LeakHook)
    left_out = HookProperties(enabled=HookEnabled.FALSE)
    hooks = Hooks(container, StatementProperties(hooks={"my-leaks": left_out}))
    assert [type(each) for each in hooks.enabled(LeakHook)] == [LeakHook]
    assert hooks.said("my_leaks_hook") is HookEnabled.FALSE
    assert hooks.said("leak") is HookEnabled.AUTO


def test_where_nobody_listens_there_are_no_hooks() -> None:
    assert not Hooks(Container())


@pytest.mark.parametrize("url", ["file"], indirect=True)
@pytest.mark.parametrize("name", ["listener", "Listener"])
async def test_a_hook_of_the_application_can_be_left_out_by_its_name(
    office_with: OfficeBuild, url: str, name: str
) -> None:
    async with office_with(url, hooks={name: {"enabled": False}}) as office:
        await office.context.get_bean(SqlClient).query("SELECT 1")
        assert office.context.get_bean(Listener).seen == []


@pytest.mark.parametrize("url", ["file"], indirect=True)
async def test_the_start_refuses_names_of_hooks_that_there_are_not(
    office_with: OfficeBuild, url: str
) -> None:
    with pytest.raises(BeanCreationException, match="There is no hook 'slow-querry'"):
        async with office_with(url, hooks={"slow-querry": {"enabled": True}}):
            """Not reached."""
