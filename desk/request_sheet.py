"""The request sheet: one page (or a few) for the institution that looks for the answer.

It holds what is needed to find the answer, and nothing that says who asks: no name, no contact, no
nationality, no conversation. Every script of the sixteen languages is shaped (fpdf2, uharfbuzz);
the fonts are in ``wegweiser/fonts``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from desk.console.names import country_name, language_name, topic_name, writes_rtl
from desk.drafts import whole_question
from desk.models import InformationRequest, QuestionTranslation
from wegweiser.settings import ROOT

# It would log characters of the question that a font lacks; a log holds no text.
logging.getLogger("fpdf").setLevel(logging.ERROR)

FONTS = ROOT / "wegweiser" / "fonts"
FAMILIES = ("NotoSans", "NotoSansArabic", "NotoSansEthiopic", "NotoSansGeorgian")
FONT_OF = {
    **dict.fromkeys(("ar", "fa", "ps"), "NotoSansArabic"),
    "ti": "NotoSansEthiopic",
    "ka": "NotoSansGeorgian",
}
MARGIN_MM = 20
LINE_MM = 6.0
LABEL_MM = 48


@dataclass(frozen=True)
class Passage:
    """A text under a heading, in its own language and direction."""

    heading: str
    text: str
    language: str


class Sheet(FPDF):
    """An A4 page with our fonts and a line at the foot."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=MARGIN_MM)
        for family in FAMILIES:
            self.add_font(family, "", FONTS / f"{family}-Regular.ttf")
            self.add_font(family, "B", FONTS / f"{family}-Bold.ttf")
        self.set_fallback_fonts(list(FAMILIES), exact_match=True)
        self.set_text_shaping(use_shaping_engine=True)
        self.add_page()

    def footer(self) -> None:
        """Number of the request and of the page."""
        self.set_y(-MARGIN_MM + 4)
        self.set_font("NotoSans", "", 8)
        self.cell(0, 5, f"{self._foot}  ·  {self.page_no()}/{{nb}}")

    def says(self, text: str, size: float, style: str = "", *, language: str = "") -> None:
        """A text over the whole width, broken where it has to be."""
        rtl = bool(writes_rtl(language))
        # The font of the script first: a word is shaped as a whole only within one font.
        self.set_font(FONT_OF.get(language, "NotoSans"), style, size)
        self.set_text_shaping(use_shaping_engine=True, direction="rtl" if rtl else "ltr")
        self.multi_cell(
            0,
            size * 0.55,
            text,
            align=Align.R if rtl else Align.L,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def fact(self, label: str, value: str, language: str = "") -> None:
        """A label and what it is, side by side."""
        self.set_text_shaping(use_shaping_engine=True, direction="ltr")
        self.set_font("NotoSans", "", 10)
        self.cell(LABEL_MM, LINE_MM, label)
        self.set_font(FONT_OF.get(language, "NotoSans"), "B", 10)
        self.multi_cell(0, LINE_MM, value or "–", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def sheet(request: InformationRequest, translation: QuestionTranslation | None) -> bytes:
    """The PDF, with labels in the present language of the desk."""
    pdf = Sheet(_("Request %(reference)s") % {"reference": request.reference})
    pdf.set_title(request.reference)
    pdf.set_creation_date(timezone.now())
    pdf.says(_("Request for information %(reference)s") % {"reference": request.reference}, 16, "B")
    pdf.ln(3)
    for label, value in facts_of(request):
        # The place stands as the person wrote it; all else is in the language of the desk.
        pdf.fact(label, _clean(value), request.language if value == request.place else "")
    for passage in passages_of(request, translation):
        pdf.ln(5)
        pdf.says(passage.heading, 10, "B")
        pdf.ln(1)
        pdf.says(_clean(passage.text), 12, language=passage.language)
    pdf.ln(6)
    pdf.says(_("This sheet does not say who asks. Please answer with the number above."), 9)
    return bytes(pdf.output())


def _clean(text: str) -> str:
    """Without what no font can show: halves of characters, which some phones send."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\r", "")


def facts_of(request: InformationRequest) -> list[tuple[str, str]]:
    """What the sheet says besides the question: nothing that a person could be known by."""
    return [
        (_("Date"), date_format(timezone.localtime(request.created_at), "DATE_FORMAT")),
        (_("Lives in"), country_name(request.host_country)),
        (_("Asks about"), country_name(request.country)),
        (_("Place"), request.place),
        (_("Topic"), topic_name(request.topic)),
        (_("Answer aimed at by"), date_format(request.promised_on, "DATE_FORMAT")),
    ]


def passages_of(
    request: InformationRequest, translation: QuestionTranslation | None
) -> list[Passage]:
    """The question as it was written with what was added, and its translation."""
    heading = _("Question, in the original (%(language)s)")
    language = {"language": language_name(request.language)}
    passages = [Passage(heading % language, whole_question(request), request.language)]
    if translation is not None:
        how = _("Translation (%(language)s)")
        if translation.is_unchecked_machine:
            how = _("Translation by a machine, not checked (%(language)s)")
        said = how % {"language": language_name(translation.language)}
        passages.append(Passage(said, translation.text, translation.language))
    return passages
