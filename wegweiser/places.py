"""Cantons and Länder by the code that a ``place`` entity carries: ``CH-BE``, ``DE-BY``."""

from __future__ import annotations


def canton_code(place: str) -> str | None:
    """The canton of a place; None when it is none or lies in Germany."""
    return _region(place, "CH")


def land_code(place: str) -> str | None:
    """The Land of a place; None when it is none or lies in Switzerland."""
    return _region(place, "DE")


def _region(place: str, country: str) -> str | None:
    host, _, region = place.partition("-")
    return region or None if host == country else None
