"""Functions that are written as source once and then only run."""

import traceback

import pytest

from pyfly.kernel.codegen import SourceBuilder


def test_the_function_sees_its_constants_and_nested_blocks() -> None:
    builder = SourceBuilder("total")
    prices = builder.constant({"tea": 5}, hint="prices")
    with builder.block("def total(items):"):
        builder.line("result = 0")
        with builder.block("for item in items:"):
            builder.line(f"result += {prices}[item]")
        builder.line("return result")
    assert builder.compile()(["tea", "tea"]) == 10


def test_one_object_is_one_constant_and_equal_objects_are_not_mixed_up() -> None:
    builder = SourceBuilder("pair")
    first, second = [1], [1]
    assert builder.constant(first) == builder.constant(first)
    assert builder.constant(first) != builder.constant(second)


def test_any_hint_gives_an_identifier() -> None:
    assert SourceBuilder("f").constant(object(), hint="Repository[Öl, int]").isidentifier()


def test_a_traceback_shows_the_generated_line() -> None:
    builder = SourceBuilder("fail")
    with builder.block("def fail():"):
        builder.line("return 1 / 0  # the generated line")
    with pytest.raises(ZeroDivisionError) as raised:
        builder.compile()()
    shown = "".join(traceback.format_exception(raised.value))
    assert "# the generated line" in shown
    assert "pyfly generated" in shown


def test_indentation_is_restored_after_a_failing_block() -> None:
    builder = SourceBuilder("f")
    with pytest.raises(RuntimeError, match="stop"), builder.block("if True:"):
        raise RuntimeError("stop")
    builder.line("x = 1")
    assert builder.source.splitlines()[-1] == "x = 1"
