"""Which known key is closest to a mistyped one, counted in edits per segment."""

from collections.abc import Iterable


def closest(key: str, candidates: Iterable[str], *, limit: int | None) -> str | None:
    """Return the candidate with the fewest edits from *key*, or ``None`` when none is close.

    Wildcards in a candidate take the segments of *key*. With *limit*, more edits are not close.
    """
    best: tuple[int, int, str] | None = None
    for candidate in candidates:
        filled = _filled(candidate, key)
        distance = _distance_by_segment(key, filled)
        allowed = limit if limit is not None else max(2, _differing(key, filled) // 2)
        if 0 < distance <= allowed:
            rank = (distance, -_common_prefix(key, filled), filled)
            best = rank if best is None or rank < best else best
    return best[2] if best else None


def edits(one: str, other: str) -> int:
    """Return how many insertions, deletions, replacements and swaps of neighbours lead from one to the other."""
    if one == other:
        return 0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        current = [i]
        for j, b in enumerate(other, start=1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]


def _distance_by_segment(key: str, candidate: str) -> int:
    one, other = key.split("."), candidate.split(".")
    if len(one) == len(other):
        return sum(edits(a, b) for a, b in zip(one, other, strict=True))
    if abs(len(key) - len(candidate)) > 8:
        return len(key) + len(candidate)
    return edits(key, candidate)


def _differing(key: str, candidate: str) -> int:
    one, other = key.split("."), candidate.split(".")
    if len(one) != len(other):
        return 4
    return sum(max(len(a), len(b)) for a, b in zip(one, other, strict=True) if a != b)


def _common_prefix(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _filled(candidate: str, key: str) -> str:
    if "*" not in candidate:
        return candidate
    segments = key.split(".")
    pattern = candidate.split(".")
    if pattern[-1] == "**":
        pattern = [*pattern[:-1], *segments[len(pattern) - 1 :]]
    return ".".join(
        segments[i] if expected == "*" and i < len(segments) else expected
        for i, expected in enumerate(pattern)
    )
