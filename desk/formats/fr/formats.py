"""Dates in French as they are written in Switzerland: 22.11.2026 17:05, not 22/11/2026.

What is not said here is as in Django's own French.
"""

SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d/%m/%y"]
FIRST_DAY_OF_WEEK = 1
