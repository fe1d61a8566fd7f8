"""``.env`` with fresh secrets, on the first start."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from wegweiser.settings import ROOT


def ensure_env_file(path: Path = ROOT / ".env", example: Path = ROOT / ".env.example") -> bool:
    """Write ``.env`` from ``.env.example`` unless it exists; True when it was written.

    A secret that the environment already gives is left to the environment. The file is readable
    by its owner only.
    """
    if path.exists():
        return False
    fresh = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LOOKUP_KEY": secrets.token_urlsafe(48),
    }
    text = example.read_text("utf-8")
    for name, value in fresh.items():
        line = f"# {name} comes from the environment" if os.environ.get(name) else f"{name}={value}"
        text = re.sub(rf"^{name}=$", line, text, flags=re.MULTILINE)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return True
