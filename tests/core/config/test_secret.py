import copy
import json
import pickle

import pytest
from pydantic import BaseModel

from pyfly.core.config import Secret


def test_only_reveal_gives_the_secret_away() -> None:
    secret = Secret("canary")
    assert secret.reveal() == "canary"
    assert "canary" not in f"{secret} {secret!r} {secret:>20} {[secret]} {secret!s}"


def test_a_secret_is_not_pickled_and_copies_are_the_same() -> None:
    secret = Secret("canary")
    assert copy.deepcopy({"a": secret})["a"] is secret
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_secrets_compare_by_what_they_hide() -> None:
    assert Secret("a") == Secret(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


def test_a_model_with_a_secret_serialises_it_masked() -> None:
    class Model(BaseModel):
        token: Secret

    assert json.loads(Model(token="canary").model_dump_json()) == {"token": "******"}  # type: ignore[arg-type]
