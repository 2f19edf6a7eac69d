"""An application with two data sources, async and plain services, and a hook."""
