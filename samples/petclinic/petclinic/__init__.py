"""The PetClinic REST service: owners, their pets, the visits of those, and the vets who see them."""

__version__ = "1.0.0"
