"""The report of a failed start: what failed, why, and what to do."""

import traceback
from collections.abc import Iterator

from pyfly.container.exceptions import BeanGraphError
from pyfly.context.failures import BeanFailure
from pyfly.kernel.diagnosis import Diagnosis, diagnose, explain


def failure_report(failure: BaseException) -> str:
    """Return the explanation of *failure*, every wiring error in it included, as text for a person."""
    diagnoses = _diagnoses(failure)
    if len(diagnoses) == 1:
        return "Application failed to start\n\n" + _render(diagnoses[0])
    title = f"Application failed to start: {len(diagnoses)} problems\n\n"
    return title + "\n".join(
        f"{number} of {len(diagnoses)}\n\n{_render(diagnosis)}"
        for number, diagnosis in enumerate(diagnoses, 1)
    )


def _diagnoses(failure: BaseException) -> list[Diagnosis]:
    if isinstance(failure, BeanGraphError):
        return [problem.diagnosis for problem in failure.problems]
    return [_of_bean(failure) or explain(failure) or _unexplained(failure)]


def _of_bean(failure: BaseException) -> Diagnosis | None:
    """The failure of a bean names the bean and includes the explanation of its cause."""
    chain = [failure]
    while (cause := chain[-1].__cause__) is not None and cause not in chain:
        chain.append(cause)
    return next((diagnose(link) for link in chain if isinstance(link, BeanFailure)), None)


def _render(diagnosis: Diagnosis) -> str:
    sections = (("What failed", (diagnosis.what,)), ("Why", diagnosis.why), ("What to do", diagnosis.fix))
    return "\n".join(_section(title, sentences) for title, sentences in sections if sentences)


def _section(title: str, sentences: tuple[str, ...]) -> str:
    return "\n".join([title, *(f"    {line}" for line in _lines(sentences))]) + "\n"


def _lines(sentences: tuple[str, ...]) -> Iterator[str]:
    for sentence in sentences:
        yield from sentence.splitlines() or [""]


def _unexplained(failure: BaseException) -> Diagnosis:
    """Nobody knows this failure: say at least where it was raised."""
    frames = traceback.extract_tb(failure.__traceback__)
    place = f"It was raised at {frames[-1].filename}:{frames[-1].lineno}." if frames else ""
    return Diagnosis(
        f"{type(failure).__name__}: {failure}",
        (place,) if place else (),
        ("Run again with --debug to see the traceback.",),
    )
