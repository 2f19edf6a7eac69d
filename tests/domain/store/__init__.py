"""An application whose aggregates are stored, and tell what happened to them."""
