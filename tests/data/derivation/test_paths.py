from dataclasses import dataclass
from typing import Any, get_type_hints

import pytest

from pyfly.data.derivation.paths import path_of


@dataclass
class Country:
    code: str


@dataclass
class Address:
    city: str
    country: Country


@dataclass
class Person:
    name: str
    home_address: Address
    friends: list[Country]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("name", "name"),
        ("home_address", "home_address"),
        ("home_address_city", "home_address.city"),
        ("home_address_country_code", "home_address.country.code"),
        ("friends_code", "friends.code"),
        ("home_address_street", None),
        ("name_city", None),
        ("", None),
        ("__class__", None),
    ],
)
def test_words_lead_to_properties(name: str, path: str | None) -> None:
    hints: Any = get_type_hints
    assert path_of(name, Person, hints) == path
