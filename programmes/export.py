"""All programmes on one page, to print and keep on a counsellor's desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape

from programmes.catalogue import Catalogue
from programmes.describe import amounts_in_words, in_words
from programmes.model import Benefit, Condition, Programme, Sourced

_STYLE = """
body{font:14px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin:2rem 0 .3rem}h3{font-size:1rem;margin:1rem 0 .2rem}
table{border-collapse:collapse;width:100%;table-layout:fixed}
td.from{width:34%}
td,th{border-top:1px solid #bbb;padding:.25rem .5rem .25rem 0;text-align:left;vertical-align:top}
.from{color:#555;font-size:.85em}
article{break-inside:avoid-page}
nav ul{display:flex;flex-wrap:wrap;gap:.2em 1em;padding:0;list-style:none}
@media print{nav{display:none}body{margin:0;max-width:none}}
""".strip()
_SURE = {"S": "", "S-old": " (an older text: ask)", "I": " (inferred: ask)"}


def page(catalogue: Catalogue, on: date) -> str:
    """An HTML page with every programme, rule, amount and source on a day."""
    ids = [*(programme.id for programme in catalogue), "lists"]
    links = "".join(f'<li><a href="#{id_}">{id_}</a></li>' for id_ in ids)
    body = "\n".join(line for programme in catalogue for line in _programme(programme, on))
    body += "\n" + "\n".join(_lists(catalogue, on))
    title = f"Return assistance programmes, {on}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>{_STYLE}</style></head><body>\n<h1>{title}</h1>\n"
        "<p>Amounts are maxima. The authority decides in each case.</p>\n"
        f"<nav><ul>{links}</ul></nav>\n{body}\n</body></html>\n"
    )


def _programme(programme: Programme, on: date) -> Iterator[str]:
    names = " / ".join(dict.fromkeys(programme.names.values()))
    yield f'<article id="{programme.id}"><h2>{escape(names)} <small>{programme.id}</small></h2>'
    yield f"<p>{escape(programme.summary)}</p>"
    yield f"<p>{escape(programme.operator)}. Decides: {escape(programme.decides)}. "
    yield f"Apply through: {escape(programme.apply_through)}.</p>"
    if programme.valid_until and on > programme.valid_until:
        yield f"<p><strong>Ended on {programme.valid_until}.</strong></p>"
    rules = [rule for rule in programme.conditions if rule.in_force(on)]
    yield "<h3>Rules</h3><table>" + "".join(_rule(rule, on) for rule in rules) + "</table>"
    yield "<h3>Benefits</h3><table>"
    for benefit in programme.benefits:
        yield from _benefit(benefit, on)
    yield "</table></article>"


def _rule(rule: Condition, on: date) -> str:
    weight = {"decides": "", "caveat": "only where known: ", "remark": "note: "}[rule.weight]
    read = "" if rule.weight == "remark" else f"<br><small>{escape(in_words(rule.needs))}</small>"
    return f"<tr><td>{weight}{escape(rule.says)}{read}</td>{_from(rule.sourced, on)}</tr>"


def _benefit(benefit: Benefit, on: date) -> Iterator[str]:
    kind = benefit.kind.replace("_", " ")
    if not benefit.rates:
        says = f"<td>{kind}: {escape(benefit.says)}</td>"
        yield f"<tr>{says}{_from(benefit.sourced, on)}</tr>"
    for rate in benefit.rates:
        words = f"{kind}: up to {amounts_in_words(rate, on)}. {rate.says or benefit.says}"
        when = escape(in_words(rate.when))
        says = f"<td>{escape(words)}<br><small>{when}</small></td>"
        yield f"<tr>{says}{_from(rate.sourced, on)}</tr>"


def _lists(catalogue: Catalogue, on: date) -> Iterator[str]:
    yield '<article id="lists"><h2>Country lists that the rules name</h2><table>'
    for countries in catalogue.lists.values():
        codes = ", ".join(sorted(countries.versions.on(on) or ())) or "no list for this day"
        says = f"<td>{countries.id}: {escape(countries.says)}<br><small>{codes}</small></td>"
        yield f"<tr>{says}{_from(countries.sourced, on)}</tr>"
    yield "</table></article>"


def _from(sourced: Sourced, on: date) -> str:
    source = sourced.source
    cite = escape(source.cite)
    if source.address:
        cite = f'<a href="{escape(source.address)}">{cite}</a>'
    stale = f"; not checked since {source.as_of}" if on > sourced.review_by else ""
    return f'<td class="from">{cite}, {source.as_of}{_SURE[sourced.confidence]}{stale}</td>'
