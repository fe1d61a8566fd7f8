"""The archived answers nearest to a question, in whatever language both are written.

Nearness is the cosine of two sentence vectors. They are stored: of an archived answer when it is
approved, of a request's question when its page is shown for the first time. Where there are none
(the assistant does not run) country and topic have to do.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Q, QuerySet

from desk import vectors
from desk.models import ArchivedAnswer, InformationRequest, QuestionVector
from desk.vectors import Encoded, Vectors

SHOWN = 3
FRESH_FOR = timedelta(days=365)
"""Older than this an answer is marked, and no longer offered to people in the chat."""

# Measured within one country and topic, nine questions in five languages each: of pairs that ask
# the same, 0.89 or more have 67 of 100 (0.84: 93); of pairs that ask something else 1.5 (0.84: 28).
VERY_NEAR, NEAR, FAR = 0.89, 0.84, 0.78
"""Cosines: hardly another question; the same subject; below ``FAR`` it is not worth a look."""
FILLED_AT_ONCE = 8
"""Archived answers that get a missing vector when the assistant is asked anyway."""


@dataclass(frozen=True)
class Found:
    """An archived answer and its nearness; None where only country and topic were compared."""

    answer: ArchivedAnswer
    nearness: float | None


def in_force() -> QuerySet[ArchivedAnswer]:
    """What is approved and not retired."""
    return ArchivedAnswer.objects.filter(approved_at__isnull=False, retired_at__isnull=True)


def for_country(country: str, host_country: str) -> QuerySet[ArchivedAnswer]:
    """What holds for people here who ask about a country: its own answers and those of any."""
    return in_force().filter(country__in=("", country), host_country__in=("", host_country))


def is_fresh(answer: ArchivedAnswer, today: date) -> bool:
    """Whether it is young enough to be offered in the chat."""
    return answer.valid_as_of >= today - FRESH_FOR


def nearest_to(request: InformationRequest) -> list[Found]:
    """At most ``SHOWN`` archived answers for a request, the nearest first."""
    here = for_country(request.country, request.host_country)
    if not here.exists():
        return []
    asked = _vector_of(request)
    found = ranked(here, asked)[:SHOWN] if asked is not None else []
    if not found:
        same = here.filter(topic=request.topic)
        found = [Found(one, None) for one in same.order_by("-valid_as_of")[:SHOWN]]
    return found


def ranked(answers: QuerySet[ArchivedAnswer], asked: Encoded, least: float = FAR) -> list[Found]:
    """Those at least so near to the (one) vector of ``asked``, the nearest first."""
    rows = list(
        answers.filter(encoder=asked.encoder, vector__isnull=False).values_list("pk", "vector")
    )
    if not rows:
        return []
    cosines = np.stack([vectors.unpacked(bytes(row[1] or b"")) for row in rows]) @ asked.vectors[0]
    near = [int(one) for one in np.argsort(-cosines)[: 4 * SHOWN] if cosines[one] >= least]
    known = answers.in_bulk([rows[one][0] for one in near])
    return [Found(known[rows[one][0]], float(cosines[one])) for one in near]


def _vector_of(request: InformationRequest) -> Encoded | None:
    """The vector of the question: stored, or asked for once."""
    kept = QuestionVector.objects.filter(request=request).first()
    if kept is not None and kept.encoder == _present_encoder():
        stored = vectors.unpacked(base64.b64decode(kept.vector))
        return Encoded(kept.encoder, stored[np.newaxis])
    asked = vectors.encode([request.question], vectors.AT_THE_DESK_S)
    if asked is None:
        return None
    fill_vectors(asked.encoder)
    packed = base64.b64encode(vectors.packed(asked.vectors[0])).decode()
    QuestionVector.objects.update_or_create(
        request=request, defaults={"vector": packed, "encoder": asked.encoder}
    )
    return asked


def _present_encoder() -> str:
    """The one that made the newest vectors in the archive."""
    newest = in_force().exclude(encoder="").order_by("-approved_at")
    return newest.values_list("encoder", flat=True).first() or ""


def give_vector(answer: ArchivedAnswer) -> None:
    """Compute and keep the vector of an archived answer's question, if it can be had."""
    _fill([answer])


def fill_vectors(encoder: str) -> None:
    """Give their vectors to a few that have none, or one of another encoder."""
    wanting = in_force().filter(Q(vector__isnull=True) | ~Q(encoder=encoder))
    _fill(wanting.order_by("pk")[:FILLED_AT_ONCE])


def _fill(answers: Iterable[ArchivedAnswer]) -> None:
    asked = [(one, _question_of(one)) for one in answers]
    if not asked:
        return
    got = vectors.encode([question for _, question in asked], vectors.AT_THE_DESK_S)
    if got is None:
        return
    for (answer, _), vector in zip(asked, got.vectors, strict=True):
        ArchivedAnswer.objects.filter(pk=answer.pk).update(
            vector=vectors.packed(_row(vector)), encoder=got.encoder
        )


def _row(vector: Vectors) -> Vectors:
    return np.asarray(vector, dtype=np.float32)


def _question_of(answer: ArchivedAnswer) -> str:
    """The question as it was asked; the answer where nobody wrote down the question."""
    texts: Sequence[str] = [
        text for one in answer.texts.all() for text in (one.question, one.text) if text
    ]
    return texts[0] if texts else ""
