"""Row B13: no page makes the browser of its visitor change anything elsewhere; what the visitor does himself goes on."""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import httpx
import pytest
from pydantic import BaseModel

from pyfly.container import rest_controller, service
from pyfly.web import delete_mapping, get_mapping, patch_mapping, post_mapping, put_mapping
from tests.faults.conftest import Tally
from tests.web.served import served

HOST = "shop.example"
PARTNER = "https://partner.example"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
CREDENTIALS: dict[str, dict[str, str]] = {
    "cookie": {"cookie": "sid=1"},
    "basic": {"authorization": "Basic dTpw"},
    "bearer": {"authorization": "Bearer x"},
    "nothing": {},
}
SENT_UNASKED = ("cookie", "basic")
"""What a browser sends along even if a page of another origin has caused the request."""
SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "same site": {"csrf__same_site": True},
    "trusted": {"csrf__trusted_origins": [PARTNER]},
    "cors": {
        "cors__enabled": True,
        "cors__allowed_origins": [PARTNER],
        "cors__allow_credentials": True,
        "cors__allowed_methods": ["*"],
    },
    "cors without credentials": {"cors__enabled": True, "cors__allowed_methods": ["*"]},
}
TRUSTING = ("trusted", "cors")


class Page(NamedTuple):
    """A page, and where it stands to the application, which is http://shop.example."""

    origin: str
    relation: str


PAGES = (
    Page(f"http://{HOST}", "same-origin"),
    Page(f"http://{HOST}:80", "same-origin"),
    Page(f"http://{HOST}:8080", "same-site"),
    Page(f"http://blog.{HOST}", "same-site"),
    Page("https://evil.example", "cross-site"),
    Page(f"https://{HOST}.evil.example", "cross-site"),
    Page(f"https://evil-{HOST}", "cross-site"),
    Page("null", "cross-site"),
    Page("file://", "cross-site"),
    Page(PARTNER, "cross-site"),
    Page(f"{PARTNER}.evil.example", "cross-site"),
)


class Case(NamedTuple):
    """A request that a page causes in a browser that tells its relation, or, over plain HTTP, does not."""

    page: Page | None
    tells: bool
    credentials: str
    method: str

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends; without a page the visitor has asked himself, or it is no browser."""
        sent = {"host": HOST, **CREDENTIALS[self.credentials]}
        if self.page is not None:
            sent["origin"] = self.page.origin
        if self.tells:
            sent["sec-fetch-site"] = "none" if self.page is None else self.page.relation
        return sent

    def is_served(self, setting: str) -> bool:
        """What the row says, without a word about headers."""
        if self.method not in UNSAFE or self.page is None or self.credentials not in SENT_UNASKED:
            return True
        if self.page.relation == "same-origin" or (self.page.origin == PARTNER and setting in TRUSTING):
            return True
        # Only a browser that tells can know what a site is.
        return self.page.relation == "same-site" and setting == "same site" and self.tells


def cases() -> Iterator[Case]:
    dice = random.Random(13)
    for page, tells, credentials in product((None, *PAGES), (True, False), CREDENTIALS):
        yield Case(page, tells, credentials, dice.choice(UNSAFE))
        yield Case(page, tells, credentials, dice.choice(("GET", "HEAD")))


@service
class Ledger:
    def __init__(self) -> None:
        self.entries = 0


class Order(BaseModel):
    number: int


@rest_controller
class Orders:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @get_mapping("/orders")
    async def read(self) -> int:
        return self.ledger.entries

    @post_mapping("/orders")
    async def add(self) -> None:
        self.ledger.entries += 1

    @put_mapping("/orders")
    async def replace(self) -> None:
        self.ledger.entries += 1

    @patch_mapping("/orders")
    async def amend(self) -> None:
        self.ledger.entries += 1

    @delete_mapping("/orders")
    async def remove(self) -> None:
        self.ledger.entries += 1

    @post_mapping("/typed")
    async def typed(self, order: Order) -> int:
        self.ledger.entries += order.number
        return order.number


@pytest.mark.parametrize("setting", SETTINGS)
async def test_only_pages_that_may_change_something_do(setting: str, tally: Tally) -> None:
    found = list(cases())
    async with (
        served(Ledger, Orders, **SETTINGS[setting]) as app,
        httpx.AsyncClient(base_url=app.url) as client,
    ):
        ledger = app.context.get_bean(Ledger)
        for case in found:
            before = ledger.entries
            answer = await client.request(case.method, "/orders", headers=case.headers)
            is_served = case.is_served(setting)
            assert answer.is_success == is_served, (case, answer.text)
            assert ledger.entries - before == (case.method in UNSAFE and is_served), case
            if not is_served:
                assert (answer.status_code, answer.json()["code"]) == (403, "CSRF_REFUSED")
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers["x-transaction-id"]
    tally(len(found), sum(not case.is_served(setting) for case in found))


# What a page may send without asking first: https://fetch.spec.whatwg.org/#cors-safelisted-request-header.
UNASKED_TYPES = (
    None,
    "text/plain",
    "text/plain;application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=application/json",
)


@pytest.mark.parametrize("credentials", ["nothing", "cookie"])
@pytest.mark.parametrize("content_type", UNASKED_TYPES)
async def test_json_that_does_not_say_so_changes_nothing(content_type: str | None, credentials: str) -> None:
    headers = {"host": HOST, **CREDENTIALS[credentials]}
    if content_type is not None:
        headers["content-type"] = content_type
    async with served(Ledger, Orders) as app, httpx.AsyncClient(base_url=app.url) as client:
        answer = await client.post("/typed", content=b'{"number": 5}', headers=headers)
        assert answer.status_code == 415, answer.text
        assert app.context.get_bean(Ledger).entries == 0
        said = {**headers, "content-type": "application/json"}
        assert (await client.post("/typed", content=b'{"number": 5}', headers=said)).is_success
