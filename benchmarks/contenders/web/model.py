"""The address and the answer."""

from typing import Final

PATHS: Final = {"first_200": "/items/42", "first_200_model": "/items/42"}


def item(number: int) -> dict[str, object]:
    """Return the answer to a question for item *number*."""
    return {"id": number, "name": f"item {number}", "tags": ["a", "b"]}
