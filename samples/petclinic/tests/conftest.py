"""A PetClinic that really listens, on a database of its own."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from pyfly.core import PyFlyApplication

from contract import Contract
from petclinic.app import PetClinic

HOME = Path(__file__).parent.parent
Open = Callable[[Path], AbstractContextManager[httpx.Client]]


@contextmanager
def open_clinic(database: Path) -> Iterator[httpx.Client]:
    """Serve PetClinic with *database* and give a client of its API that checks every answer against the contract."""
    application = PyFlyApplication(
        PetClinic, config_path=HOME / "pyfly.yaml", args=[f"--pyfly.data.url=sqlite:///{database}"]
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application.asgi(), log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        _wait_for(server, thread)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/petclinic/api/"
        with httpx.Client(
            base_url=url, event_hooks={"response": [Contract(HOME / "contract/openapi.yml").check]}
        ) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "PetClinic did not start; its report is above."
        assert time.monotonic() < deadline, "PetClinic did not start in time."
        threading.Event().wait(0.01)


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The API of a clinic that all tests share; they leave the sample data as it is."""
    with open_clinic(tmp_path_factory.mktemp("clinic") / "petclinic.db") as client:
        yield client


@pytest.fixture
def clinic() -> Open:
    """Opens a clinic of the test's own."""
    return open_clinic


Body = dict[str, Any]
Create = Callable[..., Body]


@pytest.fixture
def new_owner(api: httpx.Client) -> Create:
    """Creates an owner; keywords replace fields."""

    def create(**fields: object) -> Body:
        return _created(api.post("owners", json=OWNER | fields))

    return create


@pytest.fixture
def new_pet(api: httpx.Client, new_owner: Create) -> Create:
    """Creates a pet of a new owner, or of the given one; keywords replace fields."""

    def create(owner_id: int | None = None, **fields: object) -> Body:
        owner = new_owner()["id"] if owner_id is None else owner_id
        return _created(api.post(f"owners/{owner}/pets", json=PET | fields))

    return create


@pytest.fixture
def new_visit(api: httpx.Client, new_pet: Create) -> Create:
    """Creates a visit of a new pet, or of the given one; keywords replace fields."""

    def create(pet_id: int | None = None, **fields: object) -> Body:
        pet = new_pet()["id"] if pet_id is None else pet_id
        return _created(api.post("visits", json={"petId": pet, **VISIT, **fields}))

    return create


@pytest.fixture
def new_vet(api: httpx.Client) -> Create:
    """Creates a vet; keywords replace fields."""

    def create(**fields: object) -> Body:
        return _created(api.post("vets", json=VET | fields))

    return create


OWNER: Body = {
    "firstName": "Anna Luísa",
    "lastName": "Medeiros",
    "address": "123 Brasilia Street",
    "city": "Brasília",
    "telephone": "1234567890",
}
PET: Body = {"name": "Drax", "birthDate": "2025-01-04", "type": {"id": 1, "name": "cat"}}
VISIT: Body = {"date": "2025-04-12", "description": "Regular checkup"}
VET: Body = {"firstName": "Sofía", "lastName": "O'Hara", "specialties": [{"id": 1, "name": "radiology"}]}


def _created(response: httpx.Response) -> Body:
    assert response.status_code == 201, response.text
    body: Body = response.json()
    return body
