"""Dates in English as they are written in Switzerland and Germany: 22 Nov 2026, 17:05.

Django's own English formats are American (11/22/2026), which nobody here can tell from 22/11.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
FIRST_DAY_OF_WEEK = 1
