from pyfly.cli.running import Flags


def test_flags_become_settings() -> None:
    flags = Flags(host="::1", port=0, profiles=("a", "b"), arguments=("--shop.currency=EUR", "rest"))
    assert flags.settings() == {
        "shop.currency": "EUR",
        "pyfly.web.host": "::1",
        "pyfly.web.port": "0",
        "pyfly.profiles.active": "a,b",
    }
