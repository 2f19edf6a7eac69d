"""Web applications that answer the same requests."""
