"""Which of the languages a text is in: letters, our own examples, and what was before.

A naive Bayes model of the training examples knows how people write here, romanised Arabic and
"Grüezi" too. Short texts tell little: then the language of the conversation, or the one set in
Telegram, decides.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bot.nlu.languages import BY_SCRIPT, by_letters, codes, main_script
from bot.nlu.ngrams import Rows, ngram_counts
from bot.nlu.normalize import clean

DEFAULT = "en"

_BITS = 15
_FEATURES = 1 << _BITS
_LENGTHS = (1, 4)
_SMOOTHING = 0.05
_LEAST_EXAMPLES = 3
"""Of a language in a script, before it counts as a way of writing."""
_CHARACTERS = 300
"""A paragraph tells the language; the rest of a long story costs time and tells nothing new."""

_OWN_LETTERS = 0.97
_LENT_LETTERS = ("ar", "fa")
"""Iraqi Arabic writes چ and گ, Persian words of Arabic origin أ: a hint, no proof."""
_LENT_LETTERS_WEIGHT = 2.0
_ARABIC_DIGIT = re.compile(r"[a-z][23579][a-z]|\b[379][a-z]{2,}|[a-z]{2,}[379]\b")
"""`3` for ع, `7` for ح: who writes so writes Arabic in Latin letters."""
_ARABIC_DIGIT_WEIGHT = 5.0
_CURRENT_WEIGHT = {2: 300.0, 3: 10.0}
"""How much more likely the conversation's language is than another, by the number of words."""
_CURRENT_WEIGHT_LONG = 3.0
_HINT_WEIGHT = {1: 14.0, 2: 6.0, 3: 3.0}
"""Telegram's language is often that of the shop where the phone was bought."""
_HINT_WEIGHT_LONG = 1.7
_BAYES = 0.5
"""N-grams of one text are no independent witnesses."""
_LEAST_EVIDENCE = -12.0
_ROMANISED = math.log(1 / 3)
"""A language in letters that are not its own is written less often than one in its own."""
_UNSEEN = math.log(0.1)
"""What a language without examples gets beside the best of those that have them."""


@dataclass(frozen=True)
class Decision:
    """A language code, how sure (0 to 1), and what told: script, examples or prior."""

    code: str
    confidence: float
    source: str


class LanguageExamples:
    """How people write each language here: naive Bayes over the characters of the examples.

    A class is a language in a script: romanised Georgian is not one fifth of all Georgian, but a
    way of writing of its own.
    """

    def __init__(self, ways: Sequence[str], weights: npt.NDArray[np.float32]) -> None:
        self.ways = list(ways)
        """ "ka GEORGIAN", "ka LATIN" ..."""
        self.weights = np.ascontiguousarray(weights)
        """Log probabilities (_FEATURES, ways)."""

    @classmethod
    def learn(cls, texts: Sequence[str], languages: Sequence[str]) -> LanguageExamples:
        """From texts and the language of each."""
        of = np.array(
            [f"{code} {main_script(text)}" for text, code in zip(texts, languages, strict=True)]
        )
        ways = [way for way, count in Counter(of.tolist()).items() if count >= _LEAST_EXAMPLES]
        if not ways:
            return cls([], np.zeros((_FEATURES, 0), dtype=np.float32))
        ways.sort()
        known = np.isin(of, ways)
        at = (np.searchsorted(ways, of[known]), np.flatnonzero(known))
        members = csr_matrix((np.ones(len(at[0]), np.float32), at), (len(ways), len(texts)))
        smooth = np.asarray((members @ _counts(texts).matrix()).todense()) + _SMOOTHING
        return cls(ways, np.log(smooth / smooth.sum(axis=1, keepdims=True)).T.astype(np.float32))

    def scores(self, text: str, script: str) -> dict[str, float]:
        """Log likelihood of each language in this script beside the best one (which has 0)."""
        at = [number for number, way in enumerate(self.ways) if way.endswith(f" {script}")]
        if not at:
            return {}
        values = self.weights[_counts([text]).indices].sum(axis=0)[at]
        names = [self.ways[number].split(" ")[0] for number in at]
        return dict(zip(names, (values - values.max()).tolist(), strict=True))


def decide(
    text: str,
    examples: LanguageExamples,
    *,
    current: str | None = None,
    hint: str | None = None,
) -> Decision:
    """The language of `text`, given the conversation's language and Telegram's, if any.

    Takes any str. Codes that are none of ours (`pt`, `de-CH`) are understood or ignored.
    """
    known = codes()
    current, hint = (_ours(code, known) for code in (current, hint))
    before = current or hint or DEFAULT
    text = clean(text[: 2 * _CHARACTERS])[:_CHARACTERS]
    script = main_script(text)
    if script is None:
        return Decision(before, 0.5, "prior")
    candidates = [code for code in BY_SCRIPT[script] if code in known]
    if not candidates:
        return Decision(before, 0.5, "prior")
    if len(candidates) == 1:
        return Decision(candidates[0], 0.99, "script")
    words = len(text.split())
    if words == 1 and current in candidates:
        # "Taxi", "ok", "Zürich" are the same in many: in the same letters one word changes nothing.
        return Decision(current, 0.5, "prior")
    own = by_letters(text, script)
    if own in candidates and own not in _LENT_LETTERS:
        return Decision(own, _OWN_LETTERS, "script")
    evidence = _evidence(text, script, candidates, examples)
    if not evidence:
        return Decision(before, 0.5, "prior")
    if own in evidence:
        evidence[own] += _LENT_LETTERS_WEIGHT
    bonus: dict[str | None, float]
    if current:
        bonus = {current: math.log(_CURRENT_WEIGHT.get(words, _CURRENT_WEIGHT_LONG))}
    else:
        bonus = {hint: math.log(_HINT_WEIGHT.get(words, _HINT_WEIGHT_LONG))}
    total = {code: score + bonus.get(code, 0.0) for code, score in evidence.items()}
    best, confidence = _best(total)
    told, _ = _best(evidence)
    return Decision(best, confidence, "examples" if told == best else "prior")


def _evidence(
    text: str, script: str, candidates: list[str], examples: LanguageExamples
) -> dict[str, float]:
    """Log scores of the candidates, and of languages that have examples in this script.

    None where no language has any.
    """
    ours = examples.scores(text, script)
    if not ours:
        return {}
    evidence = {
        code: max(_BAYES * ours.get(code, _UNSEEN), _LEAST_EVIDENCE)
        + (0.0 if code in BY_SCRIPT[script] else _ROMANISED)
        for code in dict.fromkeys([*candidates, *ours])
    }
    if script == "LATIN" and "ar" in evidence and _ARABIC_DIGIT.search(text.lower()):
        evidence["ar"] += _ARABIC_DIGIT_WEIGHT
    return evidence


def _best(scores: Mapping[str, float]) -> tuple[str, float]:
    top = max(scores, key=lambda code: scores[code])
    total = sum(math.exp(score - scores[top]) for score in scores.values())
    return top, 1.0 / total


def _ours(code: str | None, known: Sequence[str]) -> str | None:
    """`de-CH` is `de`; a language that is none of ours is no hint."""
    base = (code or "").replace("_", "-").split("-")[0].lower()
    return base if base in known else None


def _counts(texts: Sequence[str]) -> Rows:
    """Which n-grams stand in each text: (texts, _FEATURES), 0 or 1."""
    rows = ngram_counts(texts, _LENGTHS, _BITS)
    return replace(rows, data=np.minimum(rows.data, 1))
