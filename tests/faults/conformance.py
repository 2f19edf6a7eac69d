"""Sends generated requests to PetClinic and compares every answer with PetClinic's own document.

``python -m tests.faults.conformance --examples 30 --database FILE`` prints what happened as JSON. It runs in a process of its
own, because the sample's tables and the generator's event loop are for the whole process.
"""

import argparse
import datetime as dt
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.python.asgi import get_client

from pyfly.core import PyFlyApplication

HOME = Path(__file__).parents[2] / "samples" / "petclinic"
DOCUMENT = "/petclinic/openapi.json"
# An operation that exists to fail accepts nothing, however valid it is.
ALWAYS_FAILS = "/petclinic/api/oops"
# A stream is read for a while.
NEVER_ENDS = "/petclinic/api/stream/visits"
# With these, what belongs to them goes as well, which no document can say.
OWNING = ("/petclinic/api/owners/", "/petclinic/api/pets/")
LONGEST_NAME = 20
STATEFUL = "stateful"

_NUMBERS = count()


def main() -> None:
    """Run the engine once and print a summary."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, required=True, help="generated cases for each operation")
    parser.add_argument("--stateful", type=int, required=True, help="cases in sequences, at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", type=Path, required=True)
    arguments = parser.parse_args()
    schemathesis.hook("before_call")(_with_what_no_schema_can_say)
    clinic = _clinic(arguments.database)
    document = _document(clinic)
    run, seed = Run(), arguments.seed
    run.add(from_schema(_schema(clinic, document, _config(arguments.examples, seed))).execute())
    # Sequences change what there is, and the engine stops, without a word, where one cannot be repeated therefore.
    while not run.findings and run.cases[STATEFUL] < arguments.stateful:
        seed += 1
        config = _config(arguments.examples, seed, left_out=("examples", "coverage", "fuzzing"))
        run.add(from_schema(_schema(clinic, document, config)).execute())
    json.dump(run.summary(), sys.stdout)


def _clinic(database: Path) -> Any:
    sys.path.insert(0, str(HOME))
    application = PyFlyApplication(
        import_module("petclinic.app").PetClinic,
        config_path=HOME / "pyfly.yaml",
        args=[f"--pyfly.data.url=sqlite:///{database}", "--pyfly.web.sse.open-after=10ms"],
    )
    logging.disable(logging.ERROR)
    return application.asgi()


def _document(clinic: Any) -> dict[str, Any]:
    with get_client(clinic) as client:
        document: dict[str, Any] = client.get(DOCUMENT).json()
    for path in document["paths"].values():
        for operation in path.values():
            # With it, every status would count as documented.
            del operation["responses"]["default"]
    return document


def _schema(clinic: Any, document: dict[str, Any], config: SchemathesisConfig) -> Any:
    schema = schemathesis.openapi.from_dict(deepcopy(document), config=config)
    schema.app = clinic
    schema.validate()
    return schema


def _config(examples: int, seed: int, left_out: Sequence[str] = ()) -> SchemathesisConfig:
    fails = {"include-path": ALWAYS_FAILS, "checks": {"positive_data_acceptance": {"enabled": False}}}
    lasts = {"include-path": NEVER_ENDS, "request-timeout": 0.3, "generation": {"max-examples": 2}}
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "checks": {"enabled": True},
            "cache": {"enabled": False},
            "phases": {phase: {"enabled": False} for phase in left_out},
            "operations": [fails, lasts],
        }
    )


def _with_what_no_schema_can_say(context: object, case: Any, kwargs: object) -> None:  # named so by hooks
    """Move a birth date into the years that the clinic accepts, and give a user a name that nobody has."""
    if not isinstance(case.body, dict):
        return
    born, name = case.body.get("birthDate"), case.body.get("username")
    if isinstance(born, str) and _is_day(born):
        case.body["birthDate"] = f"{2000 + int(born[:4]) % 5 * 4}{born[4:]}"
    if isinstance(name, str) and 0 < len(name) <= LONGEST_NAME:
        case.body["username"] = f"{name[:10]}{next(_NUMBERS):09}"


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Run:
    """What has been sent and answered, and what was wrong with that."""

    def __init__(self) -> None:
        self.cases: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.findings: dict[str, str] = {}

    def add(self, stream: Iterator[Any]) -> None:
        """Add what the engine does until it ends."""
        for event in stream:
            if isinstance(event, events.ScenarioFinished):
                self.cases[event.phase.value] += len(event.recorder.cases)
                answered = [each.response for each in event.recorder.interactions.values() if each.response]
                self.statuses.update(response.status_code for response in answered)
                self.findings |= _findings(str(event.label), event.recorder)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                what = getattr(event, "value", None) or getattr(event, "exception", "")
                self.findings[f"{type(event).__name__}: {getattr(event, 'label', '')}"] = str(what)

    def summary(self) -> dict[str, Any]:
        """Return all of it."""
        return {
            "cases": self.cases.total(),
            "phases": dict(self.cases),
            "statuses": dict(sorted(self.statuses.items())),
            "findings": self.findings,
        }


def _findings(label: str, recorder: ScenarioRecorder) -> dict[str, str]:
    found: dict[str, str] = {}
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is None or _is_missing_for_a_reason(check.name, case_id, recorder):
                continue
            shown = f"{check.failure_info.failure}\n{check.failure_info.code_sample}"
            found.setdefault(f"{label}: {check.name}", shown[:2000])
    return found


def _is_missing_for_a_reason(check: str, case_id: str, recorder: ScenarioRecorder) -> bool:
    """Say whether a 404 means what the body refers to, or what went with its owner."""
    if check != "ensure_resource_availability":
        return False
    if recorder.cases[case_id].value.method.upper() not in ("GET", "DELETE"):
        return True
    for each_id, node in recorder.cases.items():
        interaction = recorder.interactions.get(each_id)
        deleted = interaction is not None and interaction.response is not None
        path = node.value.formatted_path
        if each_id == case_id:
            return False
        if deleted and node.value.method.upper() == "DELETE" and path.startswith(OWNING):
            return True
    return False


if __name__ == "__main__":
    main()
