import pytest
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError

from pyfly.data.document.mongodb.reasons import reason_of

URI = "mongodb://user:s3cret@one:27017/shop"


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (ServerSelectionTimeoutError("one:27017: refused, Timeout: 5.0s, Topology Description: <...>"), "one:27017: refused"),
        (OperationFailure("Authentication failed.", 18, {"errmsg": "s3cret"}), "Authentication failed."),
        (OperationFailure('E11000 index: name_1 dup key: { name: "Austen" }', 11000), "E11000 index: name_1"),
        (ValueError("bad name s3cret@one"), "bad name ******@one"),
        (ValueError("mongodb://user:s3cret@one is none"), "mongodb://user:******@one is none"),
        (AutoReconnect(""), "AutoReconnect"),
    ],
    ids=["selection", "answer", "values", "part", "address", "nothing"],
)  # fmt: skip
def test_the_driver_is_quoted_without_states_values_and_secrets(failure: Exception, told: str) -> None:
    assert reason_of(failure, URI) == told


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("p@ss", "wrong: '******', '******%40ss', '******@one'"),
        ("p%40ss", "wrong: '******', '******', 'ss@one'"),
        ("pa/ss?x@y", "wrong: 'p@******', 'p%40ss', '******@one'"),
    ],
)
def test_parts_of_a_password_are_not_told_either(password: str, told: str) -> None:
    failure = ValueError("wrong: 'p@ss', 'p%40ss', 'ss@one'")
    assert reason_of(failure, f"mongodb://user:{password}@one/shop") == told


def test_words_that_only_contain_a_short_password_stay() -> None:
    assert reason_of(ValueError("a port is wanted"), "mongodb://user:port@one") == "a ****** is wanted"
    assert reason_of(ValueError("a port is wanted"), "mongodb://user:or@one") == "a port is wanted"
