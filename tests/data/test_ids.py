from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data.ids import uuid7
from pyfly.data.relational.sqlalchemy import Repository, UuidId

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Tables(DeclarativeBase):
    pass


class Ticket(UuidId, Tables):
    __tablename__ = "id_tickets"
    title: Mapped[str] = mapped_column(String(20))


@repository
class Tickets(Repository[Ticket, object]):
    pass


def test_later_ids_sort_after_earlier_ones_and_are_of_version_7() -> None:
    ids = [uuid7(NOW + timedelta(milliseconds=number)) for number in range(100)]
    assert ids == sorted(ids)
    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}
    assert ids[0].int >> 80 == int(NOW.timestamp() * 1000)
    assert uuid7(NOW) != uuid7(NOW)


@pytest.mark.parametrize(("settings", "version"), [({}, 4), ({"id": "uuid4"}, 4), ({"id": "uuid7"}, 7)])
async def test_the_configuration_says_which_ids_entities_get(
    settings: dict[str, str], version: int, tmp_path: Path
) -> None:
    data = {"url": f"sqlite:///{tmp_path}/ids.db", "schema": "create", **settings}
    context = ApplicationContext(Config({"pyfly": {"data": data}}))
    context.register_bean(Tickets)
    async with context:
        tickets = await context.get_bean(Tickets).save_all([Ticket(title="a"), Ticket(title="b")])
        assert [ticket.id.version for ticket in tickets] == [version, version]
