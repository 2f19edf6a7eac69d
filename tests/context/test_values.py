"""What the expression of a ``Value`` stands for."""

from datetime import timedelta
from typing import Annotated, Any

import pytest

from pyfly.container import Autowired, BeanGraphError, Scope, Value, bean, component, configuration
from pyfly.context.values import evaluate
from pyfly.core.config import Config
from tests.context.support import context_of

CONFIG = {"shop": {"size": "10", "names": ["a", "b"], "wait": "2m", "host": "localhost"}}


@pytest.mark.parametrize(
    ("expression", "wanted", "value"),
    [
        ("${shop.size}", int, 10),
        ("${shop.size}", str, "10"),
        ("${shop.page-size:20}", int, 20),
        ("${shop.names}", list[str], ["a", "b"]),
        ("${shop.wait}", timedelta, timedelta(minutes=2)),
        ("http://${shop.host}:${shop.port:80}/", str, "http://localhost:80/"),
        ("${shop.port:${shop.size}}", int, 10),
        ("7", int, 7),
        ("${shop.nothing:}", str, ""),
    ],
)
def test_an_expression_is_converted_to_the_annotated_type(
    expression: str, wanted: Any, value: object
) -> None:
    assert evaluate(Config(CONFIG), expression, wanted) == value


Size = Annotated[int, Value("${shop.size:5}")]


class Sized:
    field: Annotated[str, Value("${shop.host:nowhere}")] = Autowired()

    def __init__(self, size: Size) -> None:
        self.size = size


async def test_values_reach_constructors_fields_and_factories(monkeypatch: pytest.MonkeyPatch) -> None:
    @configuration
    class Beans:
        @bean
        def text(self, size: Size) -> str:
            return f"size {size}"

    @component(scope=Scope.TRANSIENT)
    class Fresh(Sized): ...

    async with context_of(Sized, Beans, Fresh, settings={"shop.size": "10"}) as context:
        sized = context.get_bean_by_name("Sized")
        assert (sized.size, sized.field, context.get_bean(str)) == (10, "nowhere", "size 10")
        assert context.get_bean(Fresh).size == 10
        monkeypatch.setenv("PYFLY_SHOP_SIZE", "11")
        assert context.get_bean(Fresh).size == 11


@pytest.mark.parametrize(
    ("settings", "what"),
    [({}, "shop.size"), ({"shop.size": "many"}, "many")],
    ids=["missing", "bad"],
)
async def test_a_value_that_cannot_be_had_fails_the_check_before_anything_is_built(
    settings: dict[str, Any], what: str
) -> None:
    class Strict:
        def __init__(self, size: Annotated[int, Value("${shop.size}")]) -> None:
            raise AssertionError("it must not be built")

    with pytest.raises(BeanGraphError, match=r"Strict cannot be given the value '\$\{shop.size\}'") as raised:
        await context_of(Strict, settings=settings).start()
    assert what in " ".join(raised.value.problems[0].diagnosis.why)
