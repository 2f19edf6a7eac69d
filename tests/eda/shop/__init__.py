"""An application whose beans work with events, and with the decorators alone."""
