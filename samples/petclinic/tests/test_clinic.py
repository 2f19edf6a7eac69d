"""The running service as a whole: its data, its documents, its health."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from pyfly.data.relational.sqlalchemy import Base

from conftest import HOME, OWNER, PET, VISIT, Open
from contract import Contract


def test_the_data_survives_a_restart(clinic: Open, tmp_path: Path) -> None:
    with clinic(tmp_path / "petclinic.db") as api:
        assert api.delete("owners/1").status_code == 204
        added = api.post("owners", json=OWNER).json()
        before = api.get("owners").json()

    with clinic(tmp_path / "petclinic.db") as api:
        assert api.get("owners").json() == before
        assert added in before
        assert api.get("owners/1").status_code == 404


def test_the_number_of_something_deleted_is_not_given_again(clinic: Open, tmp_path: Path) -> None:
    with clinic(tmp_path / "petclinic.db") as api:
        first = api.post("owners", json=OWNER).json()["id"]
        api.delete(f"owners/{first}")

        assert api.post("owners", json=OWNER).json()["id"] > first


def test_an_empty_clinic_has_empty_lists(clinic: Open, tmp_path: Path) -> None:
    lists = ["owners", "vets", "pettypes", "specialties"]
    with clinic(tmp_path / "petclinic.db") as api:
        for path in lists:
            for item in api.get(path).json():
                assert api.delete(f"{path}/{item['id']}").status_code == 204

        for path in [*lists, "pets", "visits"]:
            response = api.get(path)
            assert (response.status_code, response.json()) == (200, [])


def test_the_service_says_that_it_is_up(api: httpx.Client) -> None:
    response = api.get(api.base_url.join("/petclinic/actuator/health"))

    assert response.status_code == 200
    assert response.json()["status"] == "UP"


def test_the_api_document_covers_the_contract(api: httpx.Client) -> None:
    document = api.get(api.base_url.join("/petclinic/openapi.json")).json()

    served = {
        (verb.upper(), path.removeprefix("/petclinic").removeprefix("/api"))
        for path, verbs in document["paths"].items()
        for verb in verbs
    }
    assert served >= set(Contract(HOME / "contract/openapi.yml").operations)


def test_operations_take_the_parameters_that_the_contract_names(api: httpx.Client) -> None:
    document = api.get(api.base_url.join("/petclinic/openapi.json")).json()

    for (verb, path), operation in Contract(HOME / "contract/openapi.yml").operations.items():
        ours = document["paths"][f"/petclinic/api{path}"][verb.lower()]
        assert _parameters(ours) >= _parameters(operation)
        assert ("requestBody" in ours) == ("requestBody" in operation)
        assert set(ours["tags"]) == set(operation["tags"])


def test_statuses_that_the_contract_promises_are_promised_again(api: httpx.Client) -> None:
    document = api.get(api.base_url.join("/petclinic/openapi.json")).json()

    for (verb, path), operation in Contract(HOME / "contract/openapi.yml").operations.items():
        ours = document["paths"][f"/petclinic/api{path}"][verb.lower()]["responses"]
        # Creations, updates and deletions differ as the README says; a `default` is there for 500.
        if verb == "GET":
            assert {str(status) for status in operation["responses"]} - {"500", "404", "400"} <= set(ours)
        assert "default" in ours


def _parameters(operation: dict[str, Any]) -> set[tuple[str, str, bool]]:
    return {(each["in"], each["name"], each["required"]) for each in operation.get("parameters", ())}


def test_the_tables_are_those_of_the_original() -> None:
    schema = (HOME / "petclinic/db/schema.sql").read_text(encoding="utf-8")
    original = {
        table: set(re.findall(r"^  (\w+) (?:INTEGER|VARCHAR|DATE|BOOLEAN)", columns, re.MULTILINE))
        for table, columns in re.findall(r"CREATE TABLE IF NOT EXISTS (\w+) \((.*?)\n\);", schema, re.DOTALL)
    }

    assert {table.name: set(table.columns.keys()) for table in Base.metadata.sorted_tables} == original


def test_many_clients_at_once_get_what_each_of_them_stored(clinic: Open, tmp_path: Path) -> None:
    def visit_the_clinic(number: int) -> None:
        owner = api.post("owners", json=OWNER | {"address": str(number)}).json()["id"]
        pet = api.post(f"owners/{owner}/pets", json=PET).json()["id"]
        visit = api.post("visits", json=VISIT | {"petId": pet}).json()
        assert api.put(f"owners/{owner}", json=OWNER | {"address": f"{number}, moved"}).status_code == 204
        stored = api.get(f"owners/{owner}").json()
        assert stored["address"] == f"{number}, moved"
        assert stored["pets"][0]["visits"] == [visit]
        assert api.delete(f"owners/{owner}").status_code == 204

    with clinic(tmp_path / "petclinic.db") as api:
        before = api.get("owners").json()
        with ThreadPoolExecutor(16) as clients:
            list(clients.map(visit_the_clinic, range(48)))

        assert api.get("owners").json() == before
