"""From signatures to injection plans."""

from dataclasses import dataclass, field
from functools import wraps
from typing import Annotated, Any, Generic, Literal, Optional, TypeVar, Union

import pytest

from pyfly.container import Autowired, Lazy, Provider, Qualifier, Value
from pyfly.container.resolution import (
    Dependency,
    Shape,
    UnresolvedAnnotationError,
    callable_plan,
    constructor_plan,
    field_plan,
    generic_keys,
)
from pyfly.container.types import MISSING

T = TypeVar("T")
K = TypeVar("K")


class A: ...


class B: ...


class Box(Generic[T]): ...


class Pair(Generic[T, K]): ...


def only(annotation: Any, default: Any = MISSING) -> Dependency:
    def function(x: Any) -> None: ...

    function.__annotations__["x"] = annotation
    if default is not MISSING:
        function.__defaults__ = (default,)
    (found,) = callable_plan(function)
    return found


SHAPES = [
    (A, Shape.ONE, A, False),
    ("A", Shape.ONE, A, False),
    (A | None, Shape.ONE, A, True),
    (Optional[A], Shape.ONE, A, True),  # noqa: UP045
    (None | A, Shape.ONE, A, True),
    (Box[A], Shape.ONE, Box[A], False),
    (list[A], Shape.LIST, A, False),
    ("list[A]", Shape.LIST, A, False),
    (list["A"], Shape.LIST, A, False),
    (list[A] | None, Shape.LIST, A, True),
    (tuple[A, ...], Shape.TUPLE, A, False),
    (set[A], Shape.SET, A, False),
    (frozenset[A], Shape.SET, A, False),
    (dict[str, A], Shape.DICT, A, False),
    (list[Box[A]], Shape.LIST, Box[A], False),
    (Provider[A], Shape.PROVIDER, A, False),
    (Provider[A | None], Shape.PROVIDER, A, True),
    (Provider[A] | None, Shape.PROVIDER, A, True),
    (Lazy[Box[A]], Shape.LAZY, Box[A], False),
    (dict[int, A], Shape.ONE, dict[int, A], False),
    (tuple[A, B], Shape.ONE, tuple[A, B], False),
]


@pytest.mark.parametrize(
    ("annotation", "shape", "wanted", "optional"), SHAPES, ids=lambda each: str(each)[:40]
)
def test_an_annotation_says_what_is_wanted_in_which_form(
    annotation: Any, shape: Shape, wanted: Any, optional: bool
) -> None:
    found = only(annotation)
    assert (found.shape, found.wanted, found.optional, found.problem) == (shape, wanted, optional, None)


@pytest.mark.parametrize(
    "annotation",
    [
        Annotated[A, Qualifier("q")],
        Annotated[A, "a note", Qualifier("q")],
        Annotated[A, Qualifier("q")] | None,
        Annotated[A | None, Qualifier("q")],
        Provider[Annotated[A, Qualifier("q")]],
        Annotated[Provider[A], Qualifier("q")],
    ],
    ids=str,
)
def test_a_qualifier_counts_wherever_it_is_written(annotation: Any) -> None:
    found = only(annotation)
    assert (found.qualifier, found.wanted) == ("q", A)


@pytest.mark.parametrize("wanted", [int, list[str], dict[str, int], int | None, A], ids=str)
def test_a_value_keeps_the_annotated_type_whole(wanted: Any) -> None:
    found = only(Annotated[wanted, Value("${key}")])
    assert (found.shape, found.expression, found.wanted) == (Shape.VALUE, "${key}", wanted)


@pytest.mark.parametrize(
    ("annotation", "problem"),
    [
        (Any, "is annotated with Any or object, which fits every bean"),
        (Any | None, "is annotated with Any or object, which fits every bean"),
        (object, "is annotated with Any or object, which fits every bean"),
        (list[Any], "is annotated with Any or object, which fits every bean"),
        (type, "is annotated with type, which is no bean"),
        (type[A], "is annotated with type, which is no bean"),
        (int, "is a bare int, which is never guessed"),
        (str | None, "is a bare str, which is never guessed"),
        (list, "is a bare list, which is never guessed"),
        (A | B, "is a union of several types, which is never guessed"),
        (Union[A, B, None], "is a union of several types, which is never guessed"),  # noqa: UP007
        (list[A | B], "is a union of several types, which is never guessed"),
        (
            list[Provider[A]],
            "is a collection of handles; take a handle for each bean, or a collection of beans",
        ),
        (T, "is annotated with the type variable ~T, which stands for no type here"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_would_be_a_guess_is_noted_as_a_problem(annotation: Any, problem: str) -> None:
    assert only(annotation).problem == problem


def test_a_literal_is_just_a_type_that_nobody_provides() -> None:
    assert only(Literal["a"]).problem is None


def test_defaults_and_keywords_are_kept_with_their_parameters() -> None:
    class Service:
        def __init__(
            self, a: A, b: B | None = None, *, size: int = 5, box: Box[A], **others: Any
        ) -> None: ...

    plan = {each.name: each for each in constructor_plan(Service)}
    assert list(plan) == ["a", "b", "size", "box"]
    assert {name: each.default for name, each in plan.items()} == {
        "a": MISSING, "b": None, "size": 5, "box": MISSING,
    }  # fmt: skip
    assert [name for name, each in plan.items() if each.keyword_only] == ["size", "box"]


@dataclass
class Record:
    a: A
    numbers: list[int] = field(default_factory=list)
    later: "Provider[B] | None" = None


def test_the_constructor_of_a_dataclass_is_read_like_any_other() -> None:
    plan = {each.name: each for each in constructor_plan(Record)}
    assert plan["a"].wanted is A
    assert plan["later"].shape is Shape.PROVIDER
    assert plan["numbers"].default is not MISSING


@pytest.mark.parametrize("cls", [A, list, int, object], ids=lambda each: each.__name__)
def test_a_class_without_constructor_needs_nothing(cls: type) -> None:
    assert constructor_plan(cls) == ()


def test_an_inherited_constructor_is_the_constructor() -> None:
    class Base:
        def __init__(self, a: A) -> None: ...

    class Child(Base): ...

    assert [each.name for each in constructor_plan(Child)] == ["a"]


def test_a_generic_base_is_told_its_type_arguments() -> None:
    class Crud(Generic[T, K]):
        def __init__(self, repository: Pair[T, K], every: list[Box[K]], one: T) -> None: ...

    class Half(Crud[T, B]): ...

    class Whole(Half[A]): ...

    assert [each.wanted for each in constructor_plan(Whole)] == [Pair[A, B], Box[B], A]


def test_the_fields_of_a_generic_base_are_told_its_type_arguments() -> None:
    class Crud(Generic[T]):
        repository: Box[T] = Autowired()

    class Whole(Crud[A]): ...

    assert [each.wanted for each in field_plan(Whole)] == [Box[A]]


def test_a_parameter_without_annotation_is_a_problem() -> None:
    def function(x) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001

    assert callable_plan(function)[0].problem == "has no type annotation"


def test_an_annotation_that_names_nothing_is_an_error_with_the_owner() -> None:
    def function(x: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(
        UnresolvedAnnotationError, match=r"test_resolution\..*function.*'Nowhere' is not defined"
    ):
        callable_plan(function)


def test_variable_arguments_are_not_injected() -> None:
    def function(*args: A, **kwargs: B) -> None: ...

    assert callable_plan(function) == ()


def test_a_wrapped_constructor_is_read_through_its_wrapper() -> None:
    def logged(init: Any) -> Any:
        @wraps(init)
        def wrapper(self: Any, *args: Any, **kwargs: Any) -> None:
            init(self, *args, **kwargs)

        return wrapper

    class Service:
        @logged
        def __init__(self, a: A, *, b: B) -> None: ...

    assert [(each.name, each.keyword_only) for each in constructor_plan(Service)] == [
        ("a", False),
        ("b", True),
    ]


def test_autowired_fields_are_found_bases_first() -> None:
    class Base:
        a: A = Autowired()
        dropped: A = Autowired()

    class Child(Base):
        b: "B" = Autowired(qualifier="b", required=False)
        dropped = A()

    plan = field_plan(Child)
    assert [(each.name, each.wanted, each.qualifier, each.optional) for each in plan] == [
        ("a", A, None, False),
        ("b", B, "b", True),
    ]


def test_every_generic_base_is_a_key_with_its_arguments() -> None:
    class Repository(Pair[T, int]): ...

    class Users(Repository[A], Box[B]): ...

    class Special(Users): ...

    expected = [Repository[A], Pair[A, int], Box[B]]
    assert list(generic_keys(Users)) == expected
    assert list(generic_keys(Special)) == expected


def test_a_base_whose_arguments_are_open_is_no_key() -> None:
    class Repository(Box[T]): ...

    assert list(generic_keys(Repository)) == []
