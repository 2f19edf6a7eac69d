"""The Redis that tests get."""

import pytest
import redis as client

from tests.servers import redis as module
from tests.servers.redis import ephemeral, redis


def test_a_server_of_our_own_answers_and_is_gone_afterwards() -> None:
    with ephemeral() as url, client.Redis.from_url(url) as connection:
        assert connection.ping() is True
    with client.Redis.from_url(url) as connection, pytest.raises(client.ConnectionError):
        connection.ping()


def test_a_named_server_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(module.VARIABLE, "redis://127.0.0.1:1/0")
    with pytest.raises(client.ConnectionError), redis():
        pytest.fail("took another server")
