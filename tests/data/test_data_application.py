"""Data as an application sees it: scanned, started, used, stopped."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from pyfly.container import BeanCreationException, BeanGraphError, configuration
from pyfly.container.bean import bean
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.data import DataSource
from pyfly.data.relational.properties import SchemaMode
from pyfly.kernel.exceptions import (
    DataIntegrityException,
    ResourceNotFoundException,
    ServiceUnavailableException,
)
from tests.data.shop.accounts import Accounts, Auditor, Bank, NotEnoughError, Teller

Build = Callable[..., PyFlyApplication]


@pyfly_application(name="shop", scan_packages=["tests.data.shop"])
class Shop:
    """The application of these tests."""


@pyfly_application(name="misspelt", scan_packages=["tests.data.misspelt"])
class MisspeltShop:
    """An application whose repository does not fit its entity."""


@pyfly_application(name="misused", scan_packages=["tests.data.misused"])
class MisusedShop:
    """An application with a transaction that cannot be one."""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(app: type, **settings: object) -> PyFlyApplication:
        lines = [f"    {key.replace('_', '-')}: {value}" for key, value in settings.items()]
        file = tmp_path / "pyfly.yaml"
        banner = "pyfly:\n  banner:\n    mode: 'OFF'\n"
        file.write_text("\n".join([banner + "  data:", *lines]) + "\n" if lines else banner)
        return PyFlyApplication(app, config_path=file)

    return build


@pytest.fixture(params=["memory", "file"])
async def app(
    request: pytest.FixtureRequest, tmp_path: Path, build: Build
) -> AsyncIterator[PyFlyApplication]:
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/bank.db"
    async with build(Shop, url=url, schema="create") as app:
        teller = app.context.get_bean(Teller)
        await teller.open("ann", 100)
        await teller.open("bob", 0)
        yield app


async def balances(app: PyFlyApplication) -> dict[str, int]:
    return {account.owner: account.balance for account in await app.context.get_bean(Accounts).find_all()}


async def test_a_transactional_method_commits_when_it_returns(app: PyFlyApplication) -> None:
    await app.context.get_bean(Teller).transfer("ann", "bob", 30)
    assert await balances(app) == {"ann": 70, "bob": 30}


async def test_a_transactional_method_that_raises_undoes_all_it_did(app: PyFlyApplication) -> None:
    with pytest.raises(NotEnoughError):
        await app.context.get_bean(Teller).transfer("ann", "bob", 300)
    assert await balances(app) == {"ann": 100, "bob": 0}


async def test_transfers_side_by_side_neither_lose_nor_make_money(app: PyFlyApplication) -> None:
    teller = app.context.get_bean(Teller)
    moves = [teller.transfer(*pair, 7) for pair in [("ann", "bob"), ("bob", "ann")] * 10]
    outcomes = await asyncio.gather(*moves, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} <= {type(None), NotEnoughError}
    assert sum((await balances(app)).values()) == 100


async def test_calls_through_self_are_transactional_too(app: PyFlyApplication) -> None:
    teller = app.context.get_bean(Teller)
    with pytest.raises(NotEnoughError):
        await teller.open_and_forget("eve")
    assert "eve" in await balances(app)
    assert teller.receipts == ["ann", "bob", "eve"]


async def test_callbacks_of_a_failed_transaction_do_not_run(app: PyFlyApplication) -> None:
    teller = app.context.get_bean(Teller)
    with pytest.raises(DataIntegrityException):
        await teller.open("ann", 0)
    assert teller.receipts == ["ann", "bob"]


async def test_a_marked_class_has_transactional_methods(app: PyFlyApplication) -> None:
    auditor = app.context.get_bean(Auditor)
    with pytest.raises(NotEnoughError):
        await auditor.reset()
    assert len(await balances(app)) == 2
    assert auditor.describe().startswith("plain")


async def test_a_read_only_transaction_cannot_write(app: PyFlyApplication) -> None:
    with pytest.raises(Exception, match="refused"):
        await app.context.get_bean(Teller).peek_and_write("eve")
    await app.context.get_bean(Teller).open("eve", 0)


async def test_derived_queries_are_there(app: PyFlyApplication) -> None:
    accounts = app.context.get_bean(Accounts)
    assert (await accounts.find_by_owner("ann")).balance == 100
    assert await accounts.count_by_balance_less_than(50) == 1
    with pytest.raises(ResourceNotFoundException):
        await accounts.find_by_owner("nobody")


async def test_there_is_one_data_source_and_it_answers(app: PyFlyApplication) -> None:
    source = app.context.get_bean(DataSource)
    assert source is app.context.get_bean(DataSource)
    assert await source.ping()
    assert app.context.providers["data"] == "sqlalchemy"


async def test_what_was_written_is_found_after_a_restart(tmp_path: Path, build: Build) -> None:
    url = f"sqlite:///{tmp_path}/bank.db"
    async with build(Shop, url=url, schema="create") as first:
        await first.context.get_bean(Teller).open("ann", 1)
    async with build(Shop, url=url, schema="create") as second:
        assert await balances(second) == {"ann": 1}


async def test_wrong_repository_methods_stop_the_start_all_together(build: Build) -> None:
    with pytest.raises(BeanGraphError) as raised:
        await build(MisspeltShop, url="sqlite://").startup()
    told = [problem.diagnosis for problem in raised.value.problems]
    assert "Account has no property 'onwer'" in told[0].why[0]
    assert told[0].fix == ("Did you mean 'find_by_owner'?",)
    assert "asks for 1 argument (balance), but it takes 0" in told[1].why[0]


async def test_a_transaction_around_a_generator_stops_the_start(build: Build) -> None:
    with pytest.raises(BeanGraphError, match=r"Misused\.total .* cannot be transactional"):
        await build(MisusedShop, url="sqlite://").startup()


@pytest.mark.parametrize(
    "settings", [{}, {"enabled": "false", "url": "sqlite://"}], ids=["no url", "switched off"]
)
async def test_without_a_database_the_start_says_what_to_set(build: Build, settings: dict[str, str]) -> None:
    with pytest.raises(BeanGraphError) as raised:
        await build(Shop, **settings).startup()
    text = " ".join(
        " ".join((p.diagnosis.what, *p.diagnosis.why, *p.diagnosis.fix)) for p in raised.value.problems
    )
    assert "pyfly.data." in text
    assert "TransactionManager" in text


@pytest.mark.parametrize("url", ["sqlite:////nowhere/bank.db", "postgresql://a:hunter2@127.0.0.1:1/bank"])
async def test_an_unreachable_database_stops_the_start_naming_the_adapter(build: Build, url: str) -> None:
    with pytest.raises(BeanCreationException) as raised:
        await build(Shop, url=url).startup()
    assert (raised.value.subsystem, raised.value.provider) == ("data", "sqlalchemy")
    assert isinstance(raised.value.__cause__, ServiceUnavailableException)
    assert "hunter2" not in str(raised.value)


async def test_a_schema_mode_that_does_not_exist_is_refused(build: Build) -> None:
    with pytest.raises(BeanGraphError) as raised:
        await build(Shop, url="sqlite://", schema="replace").startup()
    assert "should be one of none, create, validate, migrate" in raised.value.problems[0].diagnosis.why[0]


async def test_a_data_source_of_the_application_replaces_the_default_one(build: Build) -> None:
    @configuration
    class Own:
        @bean
        def own(self) -> DataSource:
            return DataSource("sqlite://", name="own", schema=SchemaMode.CREATE, metadata=[Bank.metadata])

    app = build(Shop)
    app.context.register_bean(Own)
    async with app:
        assert app.context.get_bean(DataSource).name == "own"
        await app.context.get_bean(Teller).open("ann", 1)
        assert await balances(app) == {"ann": 1}


def test_an_application_without_data_does_not_load_sqlalchemy() -> None:
    program = """if True:
        import asyncio, sys
        from pyfly.context import ApplicationContext
        from pyfly.core.config import Config

        async def main() -> None:
            async with ApplicationContext(Config({})):
                print(sorted({"sqlalchemy", "pyfly.data.transactions"} & set(sys.modules)))

        asyncio.run(main())
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
