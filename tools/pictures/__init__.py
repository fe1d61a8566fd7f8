"""Takes the pictures of README and docs from the running system: ``python -m tools.pictures``."""
