import pytest
from sqlalchemy import ForeignKey, text
from sqlalchemy.exc import DBAPIError

from pyfly.data import (
    DataAccessException,
    FilterOperator,
    InvalidValueError,
    ReadOnlyTransactionError,
    TransactionConflictError,
)
from pyfly.data.relational.sqlalchemy.errors import translate
from pyfly.kernel.exceptions import (
    ConcurrencyException,
    DataIntegrityException,
    OperationTimeoutException,
    PyFlyException,
    ServiceUnavailableException,
)
from tests.data.relational.sqlalchemy.conftest import StockItem, StockItems


@pytest.mark.parametrize(
    ("values", "kind"),
    [({"category_id": 12345}, "foreign key"), ({"name": None}, "not null"), ({"name": "taken"}, "unique")],
    ids=["foreign key", "not null", "unique"],
)
async def test_the_kind_of_a_violated_constraint_is_told(
    items: StockItems, values: dict[str, object], kind: str
) -> None:
    await items.save(StockItem(name="taken"))
    with pytest.raises(DataIntegrityException) as raised:
        await items.save(StockItem(**{"name": "a", **values}))
    assert raised.value.context == {"constraint": kind}


@pytest.mark.parametrize(
    "values", [{"name": "\ud800"}, {"name": "a", "price": 2**80}], ids=["no character", "too large"]
)
async def test_a_value_that_no_database_can_take_is_told_as_such(
    items: StockItems, values: dict[str, object]
) -> None:
    with pytest.raises(InvalidValueError):
        await items.save(StockItem(**values))
    assert await items.count() == 0


async def test_a_pattern_that_would_be_read_half_way_is_refused(items: StockItems) -> None:
    await items.save(StockItem(name="a"))
    with pytest.raises(InvalidValueError):
        await items.find_all_by_spec(FilterOperator.like("name", "%\0"))
    with pytest.raises(InvalidValueError):
        await items.delete_by_spec(FilterOperator.contains("name", "\0"))
    assert await items.count() == 1


async def test_a_refused_statement_is_not_repeated_in_the_message(items: StockItems) -> None:
    with pytest.raises(DataAccessException) as raised:
        async with items.session() as session:
            await session.execute(text("SELECT hidden FROM nothing"))
    assert "hidden" not in str(raised.value)


class DriverError(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "kind", "code"),
    [
        ("40001", TransactionConflictError, "TRANSACTION_CONFLICT"),
        ("40P01", TransactionConflictError, "TRANSACTION_CONFLICT"),
        ("55P03", ConcurrencyException, "LOCK_TIMEOUT"),
        ("57014", OperationTimeoutException, "DATABASE_TIMEOUT"),
        ("57P03", ServiceUnavailableException, "DATABASE_UNAVAILABLE"),
        ("22001", InvalidValueError, "INVALID_VALUE"),
        ("25006", ReadOnlyTransactionError, "READ_ONLY"),
        ("42601", DataAccessException, "DATA_ACCESS"),
    ],
)
def test_states_have_the_codes_of_every_store(state: str, kind: type[PyFlyException], code: str) -> None:
    told = translate(DBAPIError("SELECT secret", None, DriverError(state)))
    assert isinstance(told, kind)
    assert told.code == code
    assert "secret" not in str(told)


def test_failures_of_others_are_left_alone() -> None:
    failure = LookupError("mine")
    assert translate(failure) is failure


def test_a_failure_of_sqlalchemy_itself_is_a_data_access_exception() -> None:
    with pytest.raises(Exception) as raised:
        ForeignKey("nothing.id").column  # noqa: B018
    assert isinstance(translate(raised.value), DataAccessException)
