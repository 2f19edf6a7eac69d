from pyfly.data.ping import Ping


def test_a_ping_is_true_when_there_was_an_answer() -> None:
    assert Ping(True)
    assert not Ping(False, "nobody is there")
