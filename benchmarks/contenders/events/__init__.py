"""Events inside one process: what a publication costs beyond calling its handlers."""
