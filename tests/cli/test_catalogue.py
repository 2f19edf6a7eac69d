import pytest

from pyfly.cli.catalogue import UnknownFeaturesError, checked_features


def test_without_a_wish_the_archetype_decides() -> None:
    assert (checked_features("core", None), checked_features("web-api", None)) == ((), ("web",))


def test_features_stay_in_the_order_in_which_they_were_asked_for() -> None:
    assert checked_features("core", ["data-relational", " web", "web", ""]) == ("data-relational", "web")


def test_an_archetype_gets_what_it_cannot_do_without() -> None:
    assert checked_features("web-api", ["data-relational"]) == ("web", "data-relational")


def test_unknown_features_are_refused_by_name() -> None:
    with pytest.raises(UnknownFeaturesError, match="Unknown features: postgresql, x"):
        checked_features("core", ["web", "postgresql", "x"])


def test_features_that_do_not_exist_yet_say_so() -> None:
    with pytest.raises(UnknownFeaturesError, match="Not available yet: cache"):
        checked_features("core", ["cache"])
