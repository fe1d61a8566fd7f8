"""The rules base of Wegweiser: which return-assistance programmes may fit a household, and why.

    catalogue = load("content/programmes")
    answer = check(catalogue, {"host_country": "CH", "status": "asylum_pending"}, on=day)

Pure functions over data: no clock, no network, nothing of the rest of the project.
"""

from __future__ import annotations

from programmes.catalogue import Catalogue, Figure
from programmes.evaluate import Assessment, assess
from programmes.facts import FACTS, NEVER_ASKED, FactError, Facts
from programmes.loader import load
from programmes.model import Money, Programme
from programmes.offices import Office, load_offices
from programmes.problems import CatalogueError
from programmes.questions import next_question
from programmes.report import check

__all__ = [
    "FACTS",
    "NEVER_ASKED",
    "Assessment",
    "Catalogue",
    "CatalogueError",
    "FactError",
    "Facts",
    "Figure",
    "Money",
    "Office",
    "Programme",
    "assess",
    "check",
    "load",
    "load_offices",
    "next_question",
]
