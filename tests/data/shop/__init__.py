"""A small application: accounts, their repository and a service that moves money."""
