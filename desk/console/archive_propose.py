"""From an answered request into the archive: edit until nothing says who asked, then propose."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from desk import archiving, roles
from desk.answering import MAX_ANSWER
from desk.archiving import PersonalData, Proposal, Written
from desk.case import NotPossible
from desk.console.access import counsellor_of, needs, request_or_404
from desk.console.archive_texts import marked, suspects
from desk.console.names import TOPICS, topic_name
from desk.drafts import MAX_TRANSLATION
from desk.models import ArchivedAnswer, InformationRequest


class ProposalForm(forms.Form):
    """The head of an archived answer; its texts are fields of their own, by language."""

    any_country = forms.BooleanField(required=False)
    both_hosts = forms.BooleanField(required=False)
    topic = forms.ChoiceField(choices=[(code, code) for code in TOPICS])
    valid_as_of = forms.DateField(label=gettext_lazy("Valid as of"), input_formats=["%Y-%m-%d"])

    def clean_valid_as_of(self) -> object:
        day = self.cleaned_data["valid_as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


@require_http_methods(["GET", "POST"])
@needs(roles.WORK_REQUESTS)
def propose(request: HttpRequest, reference: str) -> HttpResponse:
    """The form with what is marked; nothing marked and unconfirmed is ever kept."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    if not archiving.may_propose(found):
        messages.success(request, _("Only an answered request can be proposed for the archive."))
        return redirect("request", reference=found.reference)
    if request.method != "POST":
        return _fresh(request, found)
    form = ProposalForm(request.POST)
    texts = [
        Written(language, _typed(request, "question", language), _typed(request, "text", language))
        for language in request.POST.getlist("language")
    ]
    texts = [one for one in texts if one.text]
    harmless = frozenset(request.POST.getlist("harmless"))
    problem = _problem_of(texts)
    if problem or not form.is_valid():
        return _page(request, found, form, texts, harmless, problem=problem, status=400)
    head = form.cleaned_data
    proposal = Proposal(
        country="" if head["any_country"] else found.country,
        host_country="" if head["both_hosts"] else found.host_country,
        topic=head["topic"],
        valid_as_of=head["valid_as_of"],
        texts=tuple(texts),
        harmless=harmless
        & {one.passage for one in suspects(texts, archiving.names_for(texts, found), ())},
    )
    try:
        kept = archiving.do_propose(counsellor, found.pk, proposal)
    except PersonalData:
        problem = _("Something still looks like personal data. Please edit it away or confirm it.")
        return _page(request, found, form, texts, harmless, problem=problem, status=400)
    except NotPossible:
        return redirect("request", reference=found.reference)
    messages.success(request, _("Proposed. Somebody else has to read and approve it."))
    return redirect("archived-answer", pk=kept.pk)


def _typed(request: HttpRequest, name: str, language: str) -> str:
    return request.POST.get(f"{name}_{language}", "").replace("\r\n", "\n").strip()


def _problem_of(texts: list[Written]) -> str:
    if not texts or not texts[0].question:
        return _("A question and its answer are needed.")
    if any(len(one.text) > MAX_ANSWER or len(one.question) > MAX_TRANSLATION for one in texts):
        return _("The text is too long.")
    if len({one.language for one in texts}) < len(texts):
        return _("One text in each language, please.")
    return ""


def _fresh(request: HttpRequest, found: InformationRequest) -> HttpResponse:
    """What was proposed before and waits, else what was asked and answered."""
    waiting = ArchivedAnswer.objects.filter(request=found).first()
    if waiting is None:
        initial: dict[str, object] = {
            "topic": found.topic,
            "valid_as_of": timezone.localdate().isoformat(),
        }
        return _page(
            request, found, ProposalForm(initial=initial), archiving.texts_of(found), frozenset()
        )
    initial = {
        "any_country": not waiting.country,
        "both_hosts": not waiting.host_country,
        "topic": waiting.topic,
        "valid_as_of": waiting.valid_as_of.isoformat(),
    }
    texts = [Written(one.language, one.question, one.text) for one in waiting.texts.all()]
    harmless = frozenset(waiting.harmless or ())
    return _page(request, found, ProposalForm(initial=initial), texts, harmless)


def _page(
    request: HttpRequest,
    found: InformationRequest,
    form: ProposalForm,
    texts: list[Written],
    harmless: frozenset[str],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    texts = texts or archiving.texts_of(found)
    names = archiving.names_for(texts, found)
    context = {
        "one": found,
        "form": form,
        "texts": marked(texts, names, harmless),
        "suspects": suspects(texts, names, harmless),
        "topics": [(code, topic_name(code)) for code in TOPICS],
        "problem": problem,
        "most": MAX_ANSWER,
    }
    return render(request, "desk/console/archive_propose.html", context, status=status)
