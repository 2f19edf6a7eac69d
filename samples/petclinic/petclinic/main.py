"""What a server runs: ``pyfly run``, or any ASGI server given ``petclinic.main:app``."""

from pyfly.core import PyFlyApplication

from petclinic.app import PetClinic

app = PyFlyApplication(PetClinic).asgi()
