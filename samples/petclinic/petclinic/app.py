"""The application: everything else is found by scanning this package."""

from pyfly.core import pyfly_application

from petclinic import __version__


@pyfly_application(
    name="petclinic",
    version=__version__,
    description="Owners, pets, visits and vets of a clinic.",
    scan_packages=["petclinic"],
)
class PetClinic:
    """The PetClinic REST service."""
