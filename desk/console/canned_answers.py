"""Managing canned answers: a list, and one page for each with a text in every language."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk import canned, roles
from desk.answering import MAX_ANSWER
from desk.console.access import counsellor_of, needs
from desk.console.names import TOPICS, language_name, topic_name, writes_rtl
from desk.models import CannedAnswer
from wegweiser.texts import languages


class CannedForm(forms.Form):
    """The head of a canned answer; its texts are fields of their own, ``text_<language>``."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    topic = forms.CharField(required=False, max_length=16)
    host_country = forms.ChoiceField(choices=[("", ""), ("CH", "CH"), ("DE", "DE")], required=False)

    def clean_topic(self) -> str:
        topic: str = self.cleaned_data["topic"]
        if topic and topic not in TOPICS:
            raise forms.ValidationError(_("Unknown topic."))
        return topic


@dataclass(frozen=True)
class TextBox:
    """The box for one language."""

    language: str
    name: str
    rtl: bool
    text: str
    too_long: bool


@require_GET
@needs(roles.WORK_REQUESTS, roles.EDIT_CANNED_ANSWERS)
def answers(request: HttpRequest) -> HttpResponse:
    """All canned answers with the languages they are written in."""
    rows = [
        {
            "one": one,
            "topic": topic_name(one.topic) if one.topic else "",
            "languages": [language_name(text.language) for text in one.texts.all()],
            "missing": len(languages()) - len(one.texts.all()),
        }
        for one in CannedAnswer.objects.prefetch_related("texts")
    ]
    return render(request, "desk/console/canned_answers.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs(roles.EDIT_CANNED_ANSWERS)
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a canned answer, a new one or this one; a mistake keeps what was typed."""
    answer = None if pk is None else CannedAnswer.objects.filter(pk=pk).first()
    if pk is not None and answer is None:
        raise Http404
    if request.method != "POST":
        texts = {one.language: one.text for one in answer.texts.all()} if answer else {}
        return _page(request, answer, CannedForm(initial=_head(answer)), texts)
    form = CannedForm(request.POST)
    texts = {one.code: request.POST.get(f"text_{one.code}", "") for one in languages()}
    if not form.is_valid() or any(len(text) > MAX_ANSWER for text in texts.values()):
        return _page(request, answer, form, texts, status=400)
    if not any(text.strip() for text in texts.values()):
        problem = _("Please write the text in at least one language.")
        return _page(request, answer, form, texts, status=400, problem=problem)
    canned.do_save_canned(
        counsellor_of(request), canned.Canned(texts=texts, **form.cleaned_data), pk
    )
    messages.success(request, _("Kept."))
    return redirect("canned-answers")


@require_POST
@needs(roles.EDIT_CANNED_ANSWERS)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one; twice is harmless."""
    canned.do_delete_canned(counsellor_of(request), pk)
    messages.success(request, _("Deleted."))
    return redirect("canned-answers")


def _head(answer: CannedAnswer | None) -> dict[str, str]:
    if answer is None:
        return {}
    return {"title": answer.title, "topic": answer.topic, "host_country": answer.host_country}


def _page(
    request: HttpRequest,
    answer: CannedAnswer | None,
    form: CannedForm,
    texts: dict[str, str],
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    boxes = [
        TextBox(
            one.code,
            language_name(one.code),
            bool(writes_rtl(one.code)),
            texts.get(one.code, ""),
            len(texts.get(one.code, "")) > MAX_ANSWER,
        )
        for one in languages()
    ]
    context = {
        "answer": answer,
        "form": form,
        "boxes": boxes,
        "topics": [(code, topic_name(code)) for code in TOPICS],
        "problem": problem,
        "most": MAX_ANSWER,
    }
    return render(request, "desk/console/canned_answer.html", context, status=status)
