"""Boot: from a cold process to a ready context with every bean made."""
