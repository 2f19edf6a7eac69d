"""Repository methods without a body: how they are found, read and checked, whatever the store."""
