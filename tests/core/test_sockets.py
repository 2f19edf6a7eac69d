import socket
from contextvars import copy_context

import pytest

from pyfly.core.sockets import SHARED, PortUnavailableError, interfaces, listen, listening, url_of
from pyfly.kernel.diagnosis import explain


def test_a_worker_listens_where_its_siblings_do() -> None:
    with listen("127.0.0.1", 0) as shared:
        context = copy_context()
        context.run(SHARED.set, shared)
        with context.run(listening, "127.0.0.1", 0) as own, listening("127.0.0.1", 0) as other:
            assert own.getsockname() == shared.getsockname() != other.getsockname()
            assert own.fileno() != shared.fileno()
            assert own.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")]
)
def test_the_url_is_one_that_works_on_this_machine(host: str, shown: str) -> None:
    try:
        sock = listen(host, 0)
    except PortUnavailableError:
        pytest.skip("this machine has no IPv6")
    with sock:
        assert url_of(sock) == f"http://{shown}:{sock.getsockname()[1]}"


@pytest.mark.parametrize(("host", "said"), [("127.0.0.1", {}), ("0.0.0.0", {"interfaces": "all (0.0.0.0)"})])
def test_listening_on_all_addresses_is_told_besides_the_url(host: str, said: dict[str, str]) -> None:
    assert interfaces(host) == said


def test_a_port_for_the_privileged_is_told_as_such() -> None:
    failure = PortUnavailableError("127.0.0.1", 80, PermissionError(13, "Permission denied"))
    diagnosis = explain(failure)
    assert diagnosis is not None
    assert diagnosis.fix == ("Set pyfly.web.port to a port above 1023.",)
