"""What ``pyfly new`` can create: archetypes, features, and what is said about them."""

from collections.abc import Iterable
from typing import Final

AVAILABLE_FEATURES: Final = ("web", "data-relational")
"""The features that can be chosen, in the order of the documentation."""

PLANNED_FEATURES: Final = (
    *("data-document", "eda", "cache", "client", "security", "scheduling", "observability", "cqrs"),
)
"""Features whose modules do not exist yet; asking for one says so."""

FEATURE_DESCRIPTIONS: Final = {
    "web": "HTTP: controllers, OpenAPI, health",
    "data-relational": "a relational database through SQLAlchemy (SQLite to begin with)",
}
FEATURE_GROUPS: Final = {"Interfaces": ("web",), "Data": ("data-relational",)}
FEATURE_DETAILS: Final = {
    "web": (
        "Controllers, validation and problem details",
        "OpenAPI 3.1 with Swagger UI and ReDoc",
        "/actuator/health",
    ),
    "data-relational": (
        "Repositories with derived queries",
        "@transactional",
        "Migrations",
        "SQLite, PostgreSQL, MariaDB",
    ),
}
FEATURE_TIPS: Final = {
    "web": "Swagger UI is at http://127.0.0.1:8080/docs while the application runs.",
    "data-relational": 'After a change of an entity, pyfly db migrate -m "..." writes a revision; profile dev applies it at the start.',
}
ARCHETYPE_DESCRIPTIONS: Final = {
    "core": "an application with dependency injection and configuration, and nothing else",
    "web-api": "a REST service: controllers, services, repositories",
}
ARCHETYPE_DETAILS: Final = {
    "core": ("A service and a runner that uses it", "One test of the whole application"),
    "web-api": ("Items: create, read, list, delete", "Health", "Tests over HTTP"),
}
DEFAULT_FEATURES: Final[dict[str, tuple[str, ...]]] = {"core": (), "web-api": ("web",)}
NEEDED_FEATURES: Final[dict[str, tuple[str, ...]]] = {"core": (), "web-api": ("web",)}
"""What an archetype cannot do without."""


class UnknownFeaturesError(ValueError):
    """Features that do not exist, or not yet."""


def checked_features(archetype: str, features: Iterable[str] | None) -> tuple[str, ...]:
    """Return *features* as asked for, without repetitions, after those that *archetype* needs.

    Raises:
        UnknownFeaturesError: Some do not exist, or not yet.
    """
    if features is None:
        return DEFAULT_FEATURES[archetype]
    chosen = tuple(dict.fromkeys(name for each in features if (name := each.strip())))
    if unknown := [name for name in chosen if name not in {*AVAILABLE_FEATURES, *PLANNED_FEATURES}]:
        raise UnknownFeaturesError(
            f"Unknown features: {', '.join(unknown)}. Available: {', '.join(AVAILABLE_FEATURES)}."
        )
    if planned := [name for name in chosen if name in PLANNED_FEATURES]:
        raise UnknownFeaturesError(
            f"Not available yet: {', '.join(planned)}. Available: {', '.join(AVAILABLE_FEATURES)}."
        )
    missing = (name for name in NEEDED_FEATURES[archetype] if name not in chosen)
    return (*missing, *chosen)
