"""Web: how long a service takes until it answers for the first time."""
