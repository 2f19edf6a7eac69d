"""Messages and handlers that do not fit."""
