"""Django's own commands for the desk: ``python manage.py createsuperuser``, ``migrate`` ..."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.django_settings")
    execute_from_command_line(sys.argv)
