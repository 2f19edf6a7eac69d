import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.data.query_parser import OPERATORS, FieldPredicate, OrderClause, QueryMethodParser

parser = QueryMethodParser()


def test_conditions_and_connectors_are_read_in_order() -> None:
    parsed = parser.parse("find_by_name_and_age_greater_than_or_city")
    assert parsed.prefix == "find_by"
    assert parsed.predicates == [FieldPredicate("name"), FieldPredicate("age", "gt"), FieldPredicate("city")]
    assert parsed.connectors == ["and", "or"]


@pytest.mark.parametrize(
    ("suffix", "code"), [(suffix, code) for suffix, (code, _) in OPERATORS.items()], ids=str
)
def test_each_suffix_has_its_operator(suffix: str, code: str) -> None:
    assert parser.parse(f"find_by_age{suffix}").predicates == [FieldPredicate("age", code)]


def test_and_binds_tighter_than_or() -> None:
    groups = parser.parse("find_by_a_or_b_and_c").alternatives
    assert [[p.field_name for p in group] for group in groups] == [["a"], ["b", "c"]]


@pytest.mark.parametrize(
    ("name", "orders"),
    [
        ("find_by_x_order_by_name", [OrderClause("name")]),
        ("find_by_x_order_by_name_desc", [OrderClause("name", "desc")]),
        ("find_by_x_order_by_name_asc_price_desc", [OrderClause("name"), OrderClause("price", "desc")]),
        ("find_all_by_order_by_first_name", [OrderClause("first_name")]),
    ],
)
def test_an_order_is_read(name: str, orders: list[OrderClause]) -> None:
    assert parser.parse(name).order_clauses == orders


@pytest.mark.parametrize(
    ("name", "prefix", "limit", "distinct"),
    [
        ("find_first_by_name", "find_by", 1, False),
        ("find_top3_by_name", "find_by", 3, False),
        ("find_all_by_name", "find_by", None, False),
        ("find_distinct_by_name", "find_by", None, True),
        ("remove_by_name", "delete_by", None, False),
        ("count_by_name", "count_by", None, False),
    ],
)
def test_the_subject_says_what_is_done_and_how_many(
    name: str, prefix: str, limit: int | None, distinct: bool
) -> None:
    parsed = parser.parse(name)
    assert (parsed.prefix, parsed.limit, parsed.distinct) == (prefix, limit, distinct)


@pytest.mark.parametrize("name", ["get_by_name", "find", "find_by_", "findbyname", "save"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must start with one of"):
        parser.parse(name)


def test_case_can_be_ignored_for_one_condition_or_for_all() -> None:
    one = parser.parse("find_by_name_containing_ignore_case_and_city").predicates
    assert [(p.operator, p.ignore_case) for p in one] == [("containing", True), ("eq", False)]
    assert all(p.ignore_case for p in parser.parse("find_by_name_and_city_all_ignore_case").predicates)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("find_by_logged_in", [("logged_in", "eq")]),
        (
            "find_by_terms_and_conditions_and_logged_in_is_true",
            [("terms_and_conditions", "eq"), ("logged_in", "is_true")],
        ),
        ("find_by_name_not_in", [("name", "not_in")]),
        ("find_by_is_not_order_by_is", [("is", "not")]),
    ],
)
def test_with_the_entity_known_properties_win_over_keywords(name: str, fields: list[tuple[str, str]]) -> None:
    properties = {"logged_in", "terms_and_conditions", "name", "is"}
    parsed = parser.parse(name, lambda word: word if word in properties else None)
    assert [(p.field_name, p.operator) for p in parsed.predicates] == fields


def test_with_the_entity_known_an_unknown_property_is_refused() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        parser.parse("find_by_nmae", {"name": "name"}.get)


fields = st.sampled_from(
    ["name", "logged_in", "in_stock", "terms_and_conditions", "order_by_hand", "not_null"]
)
conditions = st.tuples(fields, st.sampled_from(sorted(OPERATORS)))


@given(
    st.lists(conditions, min_size=1, max_size=4),
    st.lists(st.sampled_from(["and", "or"]), min_size=3, max_size=3),
    st.lists(fields, max_size=2),
)
def test_what_is_written_is_what_is_read(
    criteria: list[tuple[str, str]], connectors: list[str], orders: list[str]
) -> None:
    text = criteria[0][0] + criteria[0][1]
    for (name, suffix), connector in zip(criteria[1:], connectors, strict=False):
        text += f"_{connector}_{name}{suffix}"
    text += "_order_by_" + "_desc_".join(orders) + "_desc" if orders else ""
    known = {"name", "logged_in", "in_stock", "terms_and_conditions", "order_by_hand", "not_null"}
    parsed = parser.parse(f"find_by_{text}", lambda word: word if word in known else None)
    assert [p.field_name for p in parsed.predicates] == [name for name, _ in criteria]
    assert [p.operator for p in parsed.predicates] == [OPERATORS[suffix][0] for _, suffix in criteria]
    assert [o.field_name for o in parsed.order_clauses] == orders
