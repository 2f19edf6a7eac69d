import pytest

from pyfly.core.config import mask


@pytest.mark.parametrize(
    "key",
    [
        "db.password",
        "DB_PASSWD",
        "jwt.secret",
        "jwt.secretKey",
        "api.key",
        "aws.access-key-id",
        "apiKey",
        "auth.token",
        "x.accessTokens",
        "user.credentials.value",
        "ssl.key-passphrase",
        "tls.privateKey",
    ],
)
def test_what_is_set_under_the_name_of_a_secret_is_masked(key: str) -> None:
    assert mask(key, "canary") == "******"
    assert mask(key, 1234) == "******"


@pytest.mark.parametrize("key", ["pyfly.web.port", "monkey.name", "app.keyboard", "pyfly.web.host"])
def test_other_values_are_shown(key: str) -> None:
    assert mask(key, "value") == "value"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("postgresql://u:canary@h:5432/d", "postgresql://u:******@h:5432/d"),
        ("redis://:canary@h/0", "redis://:******@h/0"),
        ("amqp://u:can@ary@h/", "amqp://u:******@h/"),
        ("https://h/p?token=canary&x=1", "https://h/p?token=******&x=1"),
        ("https://h/p?x=1&api_key=canary", "https://h/p?x=1&api_key=******"),
        ("Authorization: Bearer abcdefghij.klm", "Authorization: Bearer ******"),
        ("http://h:80/a@b", "http://h:80/a@b"),
    ],
)
def test_secrets_inside_a_text_are_masked(value: str, shown: str) -> None:
    assert mask("any.url", value) == shown


def test_sections_and_lists_are_masked_inside() -> None:
    data = {"db": {"password": "canary", "hosts": ["a", "redis://:canary@h"]}, "keys": ["canary", "canary"]}
    assert mask("", data) == {
        "db": {"password": "******", "hosts": ["a", "redis://:******@h"]},
        "keys": ["******", "******"],
    }
    assert mask("tokens", [[{"a": "canary"}]]) == [[{"a": "******"}]]


def test_nothing_and_switches_tell_no_secret() -> None:
    assert mask("password", None) is None
    assert mask("password", "") == ""
    assert mask("use-token", True) is True
