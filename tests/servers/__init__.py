"""Real servers for tests, found or started: environment, local, ephemeral, or a skip that says what is missing."""
