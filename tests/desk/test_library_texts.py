"""What Django and allauth say at the desk: in its languages, and formally, as the desk does."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

SAID = (
    "This field is required.",
    "Enter a valid date.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "The username and/or password you specified are not correct.",
    "Too many failed login attempts. Try again later.",
    "Be patient, you are sending too many requests.",
    "Please type your current password.",
    "You must type the same password each time.",
    "Incorrect code.",
    "Incorrect password.",
    "Your password can’t be a commonly used password.",
    "Your password can’t be entirely numeric.",
    "This password is too common.",
    "This password is entirely numeric.",
)
"""Texts of the libraries that a form of the desk can show."""
SAID_OF_MANY = (
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Your password must contain at least %(min_length)d character.",
    "This password is too short. It must contain at least %d character.",
)
INFORMAL = {
    "de": r"\b(du|dein\w*|dir|dich|gib|wähle|habe|versuche)\b",
    "fr": r"\b(tu|ton|ta|tes|toi)\b",
    "it": r"\b(tu|tuo|tua|ti|hai|devi|inserisci|scegli|assicurati|riprova|attendi)\b",
}


@pytest.mark.parametrize("language", INFORMAL)
def test_the_libraries_speak_formally_and_in_the_language_of_the_desk(language: str) -> None:
    with translation.override(language):
        told = {text: gettext(text) for text in SAID}
        for text in SAID_OF_MANY:
            for number in (1, 8):
                many = text.replace("character", "characters")
                told[f"{text} {number}"] = ngettext(text, many, number)
    for text, said in told.items():
        assert said != text.removesuffix(" 1").removesuffix(" 8"), "not translated"
        assert "characters" not in said, text
        assert not re.search(INFORMAL[language], said, re.IGNORECASE), said
