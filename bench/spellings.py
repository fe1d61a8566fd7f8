"""`python -m bench.spellings`: the held-out sentences, typed as other people would type them.

Few of the sentences have vowel signs, stretched letters, capitals or another keyboard's letters,
for few people type so; whoever does must be understood all the same. Each way changes what it can
in every sentence; shown is the share that is right as it was written and as it is typed then, of
those it changed.
"""

from __future__ import annotations

import argparse
import random
import sys
import unicodedata
from collections.abc import Callable, Sequence

from bot.nlu.evaluate_model import Reader, ensure_model
from bot.nlu.evaluate_sets import Sentence, read_all

SEED = 7
OUT_OF_SCOPE = "out_of_scope"
ARABIC_SCRIPT = range(0x0621, 0x06D4)
VOWEL_SIGNS = "\u064e\u064f\u0650\u0652\u0651"
TATWEEL = "\u0640"
VOWELS = frozenset("aeiouаеиоуіáéíóúàèìòùäöüаоეაიოუ")
KEYBOARDS = {"ي": "ی", "ى": "ی", "ك": "ک", "ی": "ي", "ک": "ك"}
PLAIN = str.maketrans("ıøđłß", "iodls")


def vowel_signs(text: str, dice: random.Random) -> str:
    """As a schoolbook has it."""
    return "".join(
        sign + dice.choice(VOWEL_SIGNS)
        if ord(sign) in ARABIC_SCRIPT and dice.random() < 0.5
        else sign
        for sign in text
    )


def tatweel(text: str, dice: random.Random) -> str:
    """Long words are drawn out."""
    return " ".join(
        word[:2] + TATWEEL * dice.randint(1, 4) + word[2:]
        if len(word) > 4 and all(ord(sign) in ARABIC_SCRIPT for sign in word)
        else word
        for word in text.split(" ")
    )


def stretched(text: str, dice: random.Random) -> str:
    """Two words end in a cry."""
    words = text.split(" ")
    at = [n for n, word in enumerate(words) if word and word[-1].lower() in VOWELS]
    for number in dice.sample(at, min(2, len(at))):
        words[number] += words[number][-1] * dice.randint(2, 6)
    return " ".join(words)


def other_keyboard(text: str, _: random.Random) -> str:
    """An Arabic keyboard has another yeh and kaf than a Persian one."""
    return "".join(KEYBOARDS.get(sign, sign) for sign in text)


def without_accents(text: str, _: random.Random) -> str:
    """A keyboard without the language's own letters."""
    return "".join(
        unicodedata.normalize("NFD", sign)[0] if "LATIN" in unicodedata.name(sign, "") else sign
        for sign in text
    ).translate(PLAIN)


def shouted(text: str, _: random.Random) -> str:
    """Capital letters, and marks in plenty."""
    return text.upper() + "!!!"


WAYS: Sequence[Callable[[str, random.Random], str]] = (
    vowel_signs,
    tatweel,
    stretched,
    other_keyboard,
    without_accents,
    shouted,
)


def main() -> int:
    """Print a line for each way. Returns the exit status."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    reader = Reader(ensure_model())
    sentences = [
        sentence
        for held_out in read_all()
        for sentence in held_out.sentences
        if sentence.intent != OUT_OF_SCOPE
    ]
    before = [_is_right(reader, sentence, sentence.text) for sentence in sentences]
    print(f"{'':<16}{'sentences':>10}{'as written':>12}{'as typed':>10}")
    for way in WAYS:
        dice = random.Random(SEED)
        typed = [way(sentence.text, dice) for sentence in sentences]
        changed = [n for n, one in enumerate(sentences) if typed[n] != one.text]
        after = [_is_right(reader, sentences[n], typed[n]) for n in changed]
        was = sum(before[n] for n in changed) / len(changed)
        print(f"{way.__name__:<16}{len(changed):>10}{was:>12.3f}{sum(after) / len(after):>10.3f}")
    return 0


def _is_right(reader: Reader, sentence: Sentence, text: str) -> bool:
    return reader.parse(text).likeliest == sentence.intent


if __name__ == "__main__":
    sys.exit(main())
