"""``Pageable`` and ``Sort`` as parameters."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import pytest

from pyfly.core.config.config import Config
from pyfly.data import Cursor, Page, Pageable, Scroll, Slice, Sort
from pyfly.web import QueryParam, ResponseEntity, Sortable, get_mapping, rest_controller
from pyfly.web.binding.parameters import Known, read_parameters
from pyfly.web.paging.properties import PagingProperties
from pyfly.web.paging.reading import documented
from tests.web.support import assembled, client_for, client_of, container_of

_RELATIONS = (("first", 1), ("prev", 1), ("next", 3), ("last", 4))


def _shown(sort: Sort) -> list[str]:
    return [f"{order.property} {order.direction}" for order in sort.orders]


@rest_controller
class Pets:
    @get_mapping("/pets")
    async def pets(self, pageable: Pageable, name: QueryParam[str | None]) -> list[Any]:
        return [pageable.page, pageable.size, _shown(pageable.sort), name]

    @get_mapping("/visits")
    async def visits(
        self,
        pageable: Annotated[Pageable, Sortable("date", "pet.name")] = Pageable.of(1, 200, Sort.by("date")),  # noqa: B008  # what is tested
    ) -> list[Any]:
        return [pageable.page, pageable.size, _shown(pageable.sort)]

    @get_mapping("/sorted")
    async def sorted(self, sort: Annotated[Sort, Sortable("a", "b")] | None = None) -> list[str]:
        return _shown(sort or Sort())

    @get_mapping("/feed")
    async def feed(self, scroll: Annotated[Scroll, Sortable("id", "date")]) -> list[Any]:
        return [scroll.after, scroll.size, _shown(scroll.sort)]

    @get_mapping("/news")
    async def news(self, scroll: Scroll = Scroll(size=300, sort=Sort.by("date"))) -> list[Any]:  # noqa: B008  # what is tested
        return [scroll.after, scroll.size, _shown(scroll.sort)]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(Pets) as found:
        yield found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("/pets", [1, 20, [], None]),
        ("/pets?page=3&size=50&name=x", [3, 50, [], "x"]),
        ("/pets?sort=name,desc&sort=id", [1, 20, ["name desc", "id asc"], None]),
        ("/pets?sort=last_name,first_name,DESC", [1, 20, ["last_name desc", "first_name desc"], None]),
        ("/pets?sort=owner.name&page=&size=&sort=", [1, 20, ["owner.name asc"], None]),
        ("/visits", [1, 200, ["date asc"]]),
        ("/visits?sort=pet.name,desc&size=200", [1, 200, ["pet.name desc"]]),
        ("/feed", [None, 20, []]),
        ("/feed?after=&size=", [None, 20, []]),
        ("/feed?after=abc&size=7&sort=id,desc", ["abc", 7, ["id desc"]]),
        ("/news?after=x", ["x", 300, ["date asc"]]),
        ("/sorted", []),
        ("/sorted?sort=b,desc&sort=a", ["b desc", "a asc"]),
    ],
)
async def test_a_page_is_asked_for_in_the_query(client: httpx.AsyncClient, query: str, found: Any) -> None:
    assert (await client.get(query)).json() == found


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("/pets?page=0", "page", "out_of_bounds"),
        ("/pets?page=-1", "page", "out_of_bounds"),
        ("/pets?page=1e3", "page", "out_of_bounds"),
        ("/pets?page=" + "9" * 5000, "page", "out_of_bounds"),
        ("/pets?size=101", "size", "out_of_bounds"),
        ("/pets?sort=__class__.x%20y", "sort", "malformed"),
        ("/pets?sort=name;drop", "sort", "malformed"),
        ("/pets?sort=" + "a," * 2000, "sort", "malformed"),
        ("/pets?sort=a,b,c,d,e,f,g,h,i", "sort", "too_long"),
        ("/visits?sort=password", "sort", "unknown_property"),
        ("/sorted?sort=c", "sort", "unknown_property"),
        ("/feed?size=1000000", "size", "out_of_bounds"),
        ("/feed?size=0", "size", "out_of_bounds"),
        ("/feed?sort=password", "sort", "unknown_property"),
        ("/news?size=301", "size", "out_of_bounds"),
    ],
)
async def test_what_is_out_of_bounds_is_a_bad_request(
    client: httpx.AsyncClient, query: str, field: str, code: str
) -> None:
    answer = await client.get(query)
    assert answer.status_code == 400
    assert [(e["location"], e["field"], e["code"]) for e in answer.json()["errors"]] == [
        ("query", field, code)
    ]


async def test_all_that_is_wrong_is_reported_together(client: httpx.AsyncClient) -> None:
    answer = await client.get("/pets?page=0&size=0&sort=%20")
    assert [e["field"] for e in answer.json()["errors"]] == ["page", "size", "sort"]


async def test_a_class_that_inherits_a_page_is_a_model_like_any_other() -> None:
    @dataclass(frozen=True)
    class Wanted(Pageable):
        page: int = 7

    @rest_controller
    class Own:
        @get_mapping("/own")
        async def own(self, wanted: QueryParam[Wanted]) -> int:
            return wanted.page

    async with client_of(Own) as client:
        assert (await client.get("/own")).json() == 7


@rest_controller
class Numbers:
    @get_mapping("/numbers")
    async def numbers(self, pageable: Pageable) -> Page[int]:
        return Page([1], 35, pageable.page, pageable.size)

    @get_mapping("/slices")
    async def slices(self, pageable: Pageable) -> ResponseEntity[Slice[int]]:
        return ResponseEntity.ok(Slice([1], pageable.page, pageable.size, has_next=pageable.page < 3))

    @get_mapping("/cursor")
    async def cursor(self, scroll: Scroll) -> Cursor[int]:
        return Cursor([1], scroll.size, None if scroll.after == "end" else "b-_")

    @get_mapping("/none")
    async def none(self, pageable: Pageable) -> Page[int] | None:
        return None


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/numbers?size=10", {"next": "?page=2&size=10", "last": "?page=4&size=10"}),
        (
            "/numbers?x=a%26b&page=2&q=%3E%22&size=10",
            {name: f"?page={page}&x=a%26b&q=%3E%22&size=10" for name, page in _RELATIONS},
        ),
        ("/numbers?page=4&size=10", {"first": "?page=1&size=10", "prev": "?page=3&size=10"}),
        ("/numbers?size=35&pa%67e=1", {}),
        ("/slices?page=2", {"first": "?page=1", "prev": "?page=1", "next": "?page=3"}),
        ("/cursor", {"next": "?after=b-_"}),
        ("/cursor?size=2&after=a&q=x", {"first": "?size=2&q=x", "next": "?after=b-_&size=2&q=x"}),
        ("/cursor?after=end", {"first": "?"}),
        ("/none", {}),
    ],
)
async def test_a_page_tells_where_the_others_are(path: str, links: dict[str, str]) -> None:
    async with client_of(Numbers) as client:
        answer = await client.get(path)
    assert {name: found["url"] for name, found in answer.links.items()} == links


async def test_links_can_be_left_out() -> None:
    config = Config({"pyfly": {"web": {"paging": {"links": False}}}})
    async with client_for(assembled(container_of(Numbers), config=config).dispatch) as client:
        assert "link" not in (await client.get("/numbers")).headers


async def test_names_and_bounds_are_settings() -> None:
    paging = {"page-parameter": "p", "size-parameter": "per_page", "max-size": 500, "default-size": 5}
    assembly = assembled(container_of(Pets), config=Config({"pyfly": {"web": {"paging": paging}}}))
    async with client_for(assembly.dispatch) as client:
        assert (await client.get("/pets?p=2&per_page=500")).json()[:2] == [2, 500]
        assert (await client.get("/pets?page=2")).json()[:2] == [1, 5]


def test_the_parameters_are_documented_with_their_bounds() -> None:
    known = Known(lambda cls: False)
    (pageable,) = read_parameters(Pets.visits, "GET", (), known)
    page, size, sort = documented(pageable, PagingProperties())
    assert (page.name, page.schema["minimum"], size.schema["maximum"], size.schema["default"]) == (
        "page",
        1,
        200,
        200,
    )
    assert sort.schema["items"]["pattern"].startswith(r"^(date|pet\.name)")
    (scroll,) = read_parameters(Pets.feed, "GET", (), known)
    after, size, _sort = documented(scroll, PagingProperties())
    assert (after.name, after.schema, size.schema["maximum"]) == ("after", {"type": "string"}, 100)
    (sort_only,) = read_parameters(Pets.sorted, "GET", (), known)
    assert [item.name for item in documented(sort_only, PagingProperties())] == ["sort"]
