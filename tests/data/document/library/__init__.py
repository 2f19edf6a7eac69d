"""An application whose books are documents."""
