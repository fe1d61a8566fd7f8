"""What has to go from a text before it may stand in the archive.

``desk.personal_data`` finds what people write about themselves. An answer has other traces: whom
it addresses, who signed it, and the number of the request.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from desk.models import Counsellor
from desk.personal_data import Finding, Kind, find
from desk.references import REFERENCE, parse_reference

_TITLES = (
    r"Mrs?\.?|Ms\.?|Miss|Frau|Herrn?|Madame|Mme|Monsieur|M\.|Signora|Signor|Sig\.(?:ra)?"
    r"|Zonja|Zoti|Znj\.|Gospođa|Gospođo|Gospodine?|Birêz|Mudane|Marwo"
    r"|госпож[аео]|господине?|г-н|г-жа|пане?|пан[іи]|господин|ქალბატონო|ბატონო"
    r"|السيدة|السيد|سيدة|خانم|آقای|جناب|ښاغلي|ښاغلی|مېرمن|مېرمنې|ኣይተ|ወይዘሮ|ወይዘሪት"
)
# "Mrs Haidari": the title alone is nobody.
ADDRESSED = re.compile(rf"(?<!\w)(?i:{_TITLES})\s+(?P<name>[^\W\d_][\w'’-]+(?:\s+[A-ZА-ЯЁ]\w+)?)")
# Turkish puts the title behind.
ADDRESSED_AFTER = re.compile(r"(?P<name>[A-ZÇĞİÖŞÜ]\w+)\s+(?:Bey|Hanım)\b")
SHORTEST_NAME = 3


def colleagues_names() -> set[str]:
    """First and last names of everybody with an account, as they could stand under an answer."""
    rows = Counsellor.objects.values_list("first_name", "last_name", "username")
    names = {name.strip() for row in rows for name in row}
    return {name for name in names if len(name) >= SHORTEST_NAME}


def said_names(texts: Iterable[str]) -> set[str]:
    """Names by which somebody is introduced or addressed in one of the texts.

    Whoever says "my name is Amina" is greeted with "Amina" in the answer, where nothing else tells
    that it is a name. Of several words the first, and those that begin with a capital letter.
    """
    found: set[str] = set()
    for text in texts:
        for one in scan(text, ()):
            if one.kind is Kind.NAME:
                first, *rest = one.passage.split()
                found |= {first, *(word for word in rest if word[0].isupper())}
    return {name for name in found if len(name) >= SHORTEST_NAME}


def scan(text: str, names: Collection[str]) -> list[Finding]:
    """Passages that look like personal data, in order, none inside another."""
    found = find(text)
    for one in _traces(text, names):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _traces(text: str, names: Collection[str]) -> Iterator[Finding]:
    for match in REFERENCE.finditer(text):
        if parse_reference(match[0]):
            yield Finding(Kind.CASE_NUMBER, match.start(), match.end(), match[0])
    for pattern in (ADDRESSED, ADDRESSED_AFTER):
        for match in pattern.finditer(text):
            yield Finding(Kind.NAME, match.start("name"), match.end("name"), match["name"])
    if names:
        known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        for match in re.finditer(rf"(?<!\w)(?:{known})(?!\w)", text, re.IGNORECASE):
            yield Finding(Kind.NAME, match.start(), match.end(), match[0])
