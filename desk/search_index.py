"""The index that finds requests by their words, although the texts are encrypted.

A blind index: a request has a row for the beginnings of each word in its texts, a keyed hash and
nothing else. Somebody types a word, its hash is looked up (``desk.search``). The beginning of a
word stands for its inflected forms: *Wohnung* finds *Wohnungen*, and the other way round.
``docs/privacy.md`` says what the index tells somebody who has the database and not the key.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from desk.crypto import word_hash
from desk.models import InformationRequest, RequestEvent, SearchWord
from wegweiser.folding import words

BEGINNINGS = (4, 6)
"""Letters of a word that are indexed: for what is typed in up to five letters, and in more."""
ARABIC_BEGINNINGS = (3, 5)
ETHIOPIC_BEGINNINGS = (3, 4)
"""The same for scripts whose letters hold more of a word, and change at its end."""
MOST_WORDS = 500
"""Words of one text that are indexed; an answer has 3,500 characters at most."""


def index(request_id: int, *texts: str) -> None:
    """Make a request findable by the words of these texts; to be called where they are written."""
    rows = [SearchWord(word=one, request_id=request_id) for one in hashes(*texts)]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def index_anew(requests: Iterable[InformationRequest]) -> int:
    """Index requests from their texts, dropping what was indexed before; how many."""
    number = 0
    for request in requests:
        with transaction.atomic():
            SearchWord.objects.filter(request=request).delete()
            noted = RequestEvent.objects.filter(request=request).values_list("text", flat=True)
            index(request.pk, request.question, request.place, *noted)
        number += 1
    return number


def hashes(*texts: str) -> set[int]:
    """The hashes under which a request with these texts is found."""
    return {
        word_hash(one)
        for text in texts
        for word in words(text)[:MOST_WORDS]
        for one in beginnings(word)
    }


def sought(word: str) -> int:
    """The hash of a (folded) word that is looked for: of the longest beginning it has."""
    return word_hash(beginnings(word)[-1])


def _lengths(word: str) -> tuple[int, int]:
    if "\u1200" <= word[0] <= "\u139f":
        return ETHIOPIC_BEGINNINGS
    return ARABIC_BEGINNINGS if "\u0590" <= word[0] <= "\u08ff" else BEGINNINGS


def beginnings(word: str) -> tuple[str, ...]:
    """What is indexed of a word: a short one itself, of a longer one its beginnings."""
    less, more = _lengths(word)
    if len(word) <= less:
        return (word,)
    return (word[:less], word[:more]) if len(word) >= more else (word[:less],)
