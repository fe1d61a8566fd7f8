"""The encoder, built once if it is missing, and a small model of a few intents."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.nlu import build
from bot.nlu.encoder import OnnxEncoder, opened
from bot.nlu.finding import NameFinder
from bot.nlu.paths import ENCODER

if TYPE_CHECKING:
    from bot.nlu.evaluate_model import Reader

EXAMPLES = {
    "en": {
        "greet": ["hello", "hi there", "good morning"],
        "ask_amount": ["how much money do I get", "what amount is paid", "how much cash help"],
        "ask_travel": ["who pays the plane ticket", "how many kilos of luggage", "which airport"],
        "report_danger": ["he wants to kill me", "I will hurt myself", "they beat my sister"],
        "out_of_scope": ["what is the weather", "tell me a joke", "who won the match"],
        "inform": ["I am from Iraq", "two children", "I have an N permit"],
        "ask_programme": ["what is RAZ", "which programmes exist", "explain REAG"],
    },
    "de": {
        "greet": ["hallo", "guten Tag", "grüezi"],
        "ask_amount": [
            "wie viel Geld bekomme ich",
            "welcher Betrag wird bezahlt",
            "wie viel Hilfe",
        ],
        "ask_travel": ["wer zahlt das Flugticket", "wie viel Kilo Gepäck", "von welchem Flughafen"],
        "report_danger": ["er will mich töten", "ich tue mir etwas an", "sie schlagen mich"],
        "out_of_scope": ["wie wird das Wetter", "erzähl einen Witz", "wer hat gewonnen"],
        "inform": ["ich bin aus dem Irak", "zwei Kinder", "ich habe einen N-Ausweis"],
        "ask_programme": ["was ist RAZ", "welche Programme gibt es", "erkläre mir REAG"],
    },
    "ar": {
        "greet": ["مرحبا", "السلام عليكم", "marhaba kifak"],
        "ask_amount": ["كم من المال أحصل عليه", "ما هو المبلغ", "addesh el masari"],
        "ask_travel": ["من يدفع ثمن التذكرة", "كم كيلو وزن الحقائب", "من أي مطار"],
        "report_danger": ["يريد أن يقتلني", "سأقتل نفسي", "يضربونني"],
        "out_of_scope": ["كيف الطقس", "احك لي نكتة", "من فاز بالمباراة"],
        "inform": ["أنا من العراق", "طفلان", "ana men souria"],
        "ask_programme": ["ما هو RAZ", "ما هي البرامج", "shu ya3ni REAG"],
    },
}


@pytest.fixture(scope="session")
def encoder() -> OnnxEncoder:
    """The real one."""
    assert build.main() == 0
    return opened(ENCODER)


@pytest.fixture(scope="session")
def finder() -> NameFinder:
    """All names of content/."""
    return NameFinder()


@pytest.fixture(scope="session")
def small_model(encoder: OnnxEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that Rasa trained on EXAMPLES with the project's pipeline."""
    from rasa.model_training import train_nlu

    folder = tmp_path_factory.mktemp("model")
    examples = folder / "nlu"
    examples.mkdir()
    for language, intents in EXAMPLES.items():
        lines = ['version: "3.1"', "nlu:"]
        for intent, texts in intents.items():
            lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
        (examples / f"{language}.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = folder / "config.yml"
    config.write_text(
        textwrap.dedent(
            f"""
            recipe: default.v1
            assistant_id: test
            language: xx
            pipeline:
            - name: bot.nlu.tokens.Tokens
            - name: bot.nlu.language_decision.LanguageDecision
              examples: {examples}
            - name: bot.nlu.sentence_vectors.SentenceVectors
              cache: {folder / "vectors"}
            - name: bot.nlu.names_extractor.Names
            - name: bot.nlu.intent_classifier.MeaningClassifier
            """
        )
    )
    trained = train_nlu(str(config), str(examples), str(folder), fixed_model_name="small")
    assert trained
    return Path(trained)


@pytest.fixture(scope="session")
def reader(small_model: Path) -> Reader:
    """The small model, loaded from its archive."""
    from bot.nlu.evaluate_model import Reader

    return Reader(small_model)
