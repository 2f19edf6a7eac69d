"""Applications whose controllers are found by scanning: modules of their own."""
