import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pyfly.data import QueryMethodParser
from pyfly.data.exceptions import UnknownPropertyError
from pyfly.data.query_parser import FieldPredicate, ParsedQuery
from pyfly.data.relational.sqlalchemy import DataSource, QueryMethodCompiler
from tests.data.relational.sqlalchemy.conftest import StockItem, StockItems

compiler = QueryMethodCompiler()
parser = QueryMethodParser()


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("find_by_price_not", (1,), ["b", "c"]),
        ("find_by_price_greater_than_equal", (2,), ["b", "c"]),
        ("find_by_price_after", (2,), ["c"]),
        ("find_by_price_less_than", (2,), ["a"]),
        ("find_by_price_less_than_equal", (2,), ["a", "b"]),
        ("find_by_price_between", (2, 3), ["b", "c"]),
        ("find_by_price_not_in", ([1, 2],), ["c"]),
        ("find_by_name_like", ("%a%",), ["a"]),
        ("find_by_name_not_like", ("%a%",), ["b", "c"]),
        ("find_by_name_not_containing", ("a",), ["b", "c"]),
        ("find_by_name_ending_with", ("b",), ["b"]),
        ("find_by_name_is_not", ("b",), ["a", "c"]),
        ("find_by_note_is_null", (), ["b", "c"]),
        ("find_by_note_is_not_null", (), ["a"]),
        ("find_by_note_not", (None,), ["a"]),
        ("find_by_logged_in_is_false", (), ["a", "b"]),
        ("find_by_name_ignore_case", ("A",), ["a"]),
        ("find_by_name_or_price", ("a", 3), ["a", "c"]),
        ("count_by_price_greater_than", (1,), 2),
        ("exists_by_name", ("c",), True),
        ("remove_by_name", ("c",), 1),
    ],
)
async def test_each_keyword_means_what_it_says(
    items: StockItems, source: DataSource, name: str, values: tuple[object, ...], expected: object
) -> None:
    await items.save_all(
        [
            StockItem(name="a", price=1, note="x"),
            StockItem(name="b", price=2),
            StockItem(name="c", price=3, logged_in=True),
        ]
    )
    run = compiler.compile(parser.parse(name), StockItem)
    async with AsyncSession(source.engine) as session:
        answer = await run(session, *values)
        assert (sorted(item.name for item in answer) if isinstance(answer, list) else answer) == expected


def test_an_unknown_prefix_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown prefix 'get_by'"):
        compiler.compile(ParsedQuery("get_by", [FieldPredicate("name")]), StockItem)


@pytest.mark.parametrize(
    "parsed", [parser.parse("find_by_nmae"), ParsedQuery("find_by", [FieldPredicate("nmae")])]
)
def test_an_unknown_property_is_refused_with_the_nearest_one(parsed: ParsedQuery) -> None:
    with pytest.raises(UnknownPropertyError, match="did you mean 'name'"):
        compiler.compile(parsed, StockItem)
