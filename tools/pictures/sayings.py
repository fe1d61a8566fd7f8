"""What people ask in the pictures, and what they are answered. Nobody of them exists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """A request as the list shows it: who asks about what, since when, and who has it."""

    language: str
    host: str
    country: str
    place: str
    topic: str
    question: str
    days: int
    """Days ago."""
    state: str = "received"
    by: str = ""
    """User name of the counsellor who has it."""
    in_english: str = ""


INSULIN = Asked(
    "ar",
    "CH",
    "SY",
    "حلب",
    "medical",
    "اسمي أمينة. ابني مريض بالسكري منذ سنتين. كم يكلف دواء الأنسولين في حلب، "
    "وهل تدفعون ثمنه إذا رجعنا قبل الشتاء؟",
    days=17,
)
"""The request whose page is photographed, with everything that a request can have."""
INSULIN_IN_ENGLISH = (
    "My name is Amina. My son has had diabetes for two years. What does insulin cost in Aleppo, "
    "and will you pay for it if we go back before winter?"
)
INSULIN_BEFORE = "هل تساعدون في دفع ثمن الدواء بعد العودة؟"
INSULIN_ADDED = "وهل نحتاج إلى وصفة طبية من هنا؟"
INSULIN_NOTE = "Aleppo has no office of its own: asked Damascus, answer by e-mail."
INSULIN_DRAFT = (
    "Insulin is sold in the larger pharmacies of Aleppo for about 20 dollars a month. Health "
    "centres give part of it free of charge, but not always.\n\n"
    "Bring a prescription from here, in English, and enough for three months.\n"
    "---\n"
    "Whether medical help can be paid is decided for each family. Shall we check it together?"
)
INSULIN_DRAFT_IN_ARABIC = (
    "يُباع الأنسولين في الصيدليات الكبيرة في حلب بنحو 20 دولارًا في الشهر. وتعطي المراكز الصحية "
    "جزءًا منه مجانًا، لكن ليس دائمًا.\n\n"
    "خذوا معكم وصفة طبية من هنا بالإنجليزية، وما يكفي ثلاثة أشهر.\n"
    "---\n"
    "هل يمكن دفع تكاليف المساعدة الطبية؟ هذا يُقرَّر لكل عائلة على حدة. هل نتحقق من ذلك معًا؟"
)

OPEN = (
    Asked(
        "fr",
        "CH",
        "CM",
        "Douala",
        "housing",
        "Combien coûte un appartement de deux pièces à Douala, et faut-il une caution ?",
        days=27,
        state="with_country_office",
        by="samira",
    ),
    Asked(
        "sr",
        "DE",
        "RS",
        "Niš",
        "family",
        "Da li u Nišu postoji vrtić za dete sa autizmom, i koliko se čeka na mesto?",
        days=23,
        state="with_country_office",
        by="petra",
    ),
    Asked(
        "ar",
        "CH",
        "SY",
        "حمص",
        "education",
        "هل توجد مدرسة قريبة من بيت أهلي في حمص؟ ابنتي في الصف الرابع.",
        days=19,
        state="with_country_office",
        by="jonas",
        in_english="Is there a school near my parents' house in Homs? My daughter is in year four.",
    ),
    Asked(
        "so",
        "CH",
        "SO",
        "Hargeysa",
        "work",
        "Hargeysa ma ka heli karaa shaqo darawalnimo?",
        days=14,
        state="taken",
        by="jonas",
    ),
    Asked(
        "ti",
        "CH",
        "ER",
        "ኣስመራ",
        "housing",
        "ኣብ ኣስመራ ንክልተ ክፍሊ ዘለዎ ገዛ ክንደይ ይኽፈል? ንሓንቲ ስድራ ቤት ክልተ ቆልዑ ኣለዉዋ።",
        days=12,
    ),
    Asked(
        "fa",
        "DE",
        "AF",
        "هرات",
        "business",
        "آیا در هرات برای باز کردن یک مغازه کمک می‌کنند؟",
        days=11,
        state="with_country_office",
        by="petra",
    ),
    Asked(
        "en",
        "DE",
        "NG",
        "Benin City",
        "education",
        "Is there a training for tailors in Benin City, and what does it cost?",
        days=8,
        state="checked",
        by="petra",
    ),
    Asked(
        "uk",
        "DE",
        "UA",
        "Івано-Франківськ",
        "medical",
        "Чи є в Івано-Франківську реабілітація після інсульту і скільки вона коштує?",
        days=7,
        state="answer_received",
        by="jonas",
    ),
    Asked(
        "ar",
        "DE",
        "SY",
        "اللاذقية",
        "medical",
        "هل يوجد دواء ضغط الدم بلا انقطاع في اللاذقية؟",
        days=6,
    ),
    Asked(
        "sq",
        "CH",
        "XK",
        "Pejë",
        "education",
        "A ka në Pejë kurs për saldator, sa zgjat dhe sa kushton?",
        days=5,
        state="taken",
        by="samira",
    ),
    Asked(
        "tr",
        "CH",
        "TR",
        "Diyarbakır",
        "medical",
        "Diyarbakır'da böbrek hastaları için diyaliz merkezi var mı?",
        days=4,
    ),
    Asked(
        "ka",
        "CH",
        "GE",
        "ქუთაისი",
        "housing",
        "რა ღირს ორსართულიანი ბინა ქუთაისში?",
        days=3,
    ),
)
NEWS = (
    Asked(
        "ku",
        "DE",
        "IQ",
        "Dihok",
        "documents",
        "Ji bo zarokeke ku li vir ji dayik bûye, li Dihokê çi belge pêwîst in?",
        days=0,
    ),
    Asked("ti", "CH", "ER", "ኣስመራ", "medical", "ኣብ ኣስመራ መድሓኒት ክንደይ ዋጋኡ?", days=0),
)
"""What came since Jonas last looked at the list."""
NEWS_NOTE = "The driving school in Hargeysa answers on Thursday."
NEWS_ADDED = "Ndoshta edhe për elektricist?"

ANSWER = (
    "Yes, in the pharmacies near the regional hospital: about 15 dollars a box at present.",
    "Oui, dans les pharmacies près de l'hôpital régional : environ 15 dollars la boîte "
    "actuellement. Elle manque parfois en hiver, alors prenez une réserve de trois mois.",
)
"""Of the question that is asked on the chat page: as Samira writes it, and in French."""

CHECKED = "Yes: six months, about 60,000 naira. The next course begins in February."

PRIVATE = Asked(
    "fr",
    "CH",
    "CM",
    "Yaoundé",
    "documents",
    "Bonjour, je m'appelle Amina. Combien coûte un acte de naissance à Yaoundé ?",
    days=9,
)
"""A question and an answer in which the scan for the archive finds something."""
PRIVATE_ANSWER = (
    "L'acte coûte environ 1500 francs CFA au centre d'état civil. Renseignements : "
    "+237 222 00 00 00. Bonne chance, Amina ! Samira"
)


NOT_ARRIVED = Asked(
    "tr",
    "DE",
    "TR",
    "Diyarbakır",
    "housing",
    "Kirada ev bulmak için kime başvurabilirim?",
    days=12,
)
"""Answered, and the person has blocked the assistant meanwhile."""
NOT_ARRIVED_ANSWER = (
    "Belediyenin sosyal hizmetler müdürlüğüne başvurabilirsiniz. Kimliğinizi yanınıza alın."
)


@dataclass(frozen=True)
class Kept:
    """An answer in the archive, in the language in which it was asked and in English."""

    language: str
    host: str
    country: str
    topic: str
    question: str
    answer: str
    in_english: tuple[str, str]
    days: int
    """Since when it is valid, in days."""
    harmless: str = ""
    """What looks like personal data and is none."""


ARCHIVE = (
    Kept(
        "ar",
        "CH",
        "SY",
        "medical",
        "كم يكلف الأنسولين في حلب؟",
        "الأنسولين موجود في الصيدليات الكبيرة، وتكلفته نحو 20 دولارًا في الشهر.",
        (
            "What does insulin cost in Aleppo?",
            "It is sold in the larger pharmacies for about 20 dollars a month.",
        ),
        days=48,
    ),
    Kept(
        "ar",
        "CH",
        "SY",
        "medical",
        "هل يمكن علاج السكري لطفل في حلب، ومن يدفع؟",
        "نعم، في المستشفى الجامعي. الفحص مجاني، والدواء على العائلة.",
        (
            "Can a child's diabetes be treated in Aleppo, and who pays?",
            "Yes, at the university hospital. The examination is free, medicine is not.",
        ),
        days=430,
    ),
    Kept(
        "fr",
        "CH",
        "AF",
        "medical",
        "Trouve-t-on de l'insuline glargine à Hérat, et à quel prix ?",
        "Oui, dans les grandes pharmacies près de l'hôpital régional, pour environ 15 dollars "
        "la boîte. Elle manque parfois en hiver : prenez une réserve de trois mois.",
        (
            "Is there insulin glargine in Herat, and at what price?",
            "Yes, in the larger pharmacies near the regional hospital, for about 15 dollars.",
        ),
        days=75,
    ),
)
PROPOSED = Kept(
    "tr",
    "DE",
    "TR",
    "medical",
    "Diyarbakır'da diyaliz merkezi var mı, randevu nasıl alınır?",
    "Evet, devlet hastanesinde var. Randevu telefonu: +90 412 000 00 00.",
    (
        "Is there a dialysis centre in Diyarbakır, and how does one get an appointment?",
        "Yes, at the state hospital. The telephone for appointments is +90 412 000 00 00.",
    ),
    days=6,
    harmless="+90 412 000 00 00",
)
"""What waits for a second person."""

BEFORE = (
    ("ti", "CH", "ER", "housing"),
    ("ar", "CH", "SY", "medical"),
    ("tr", "DE", "TR", "medical"),
    ("fr", "CH", "CM", "business"),
    ("ti", "CH", "ER", "family"),
    ("uk", "DE", "UA", "medical"),
    ("fa", "DE", "AF", "housing"),
    ("ar", "DE", "SY", "education"),
    ("ka", "CH", "GE", "housing"),
    ("ar", "CH", "SY", "housing"),
)
"""Language, host country, country, topic: what was asked in the weeks before, again and again."""
COUNTED = (
    ("ask_amount", 9),
    ("ask_voluntary_return", 7),
    ("check_eligibility", 6),
    ("ask_medical", 5),
    ("ask_documents", 3),
    ("ask_travel", 2),
)
"""What people asked the assistant on a usual day."""

SHARES = (("ar", 1.0), ("ti", 0.8), ("fr", 0.5), ("uk", 0.4), ("en", 0.3))
"""How much of that is asked in a language."""

CANNED = (
    (
        "Ask a pharmacy",
        "medical",
        "Prices of medicine change quickly: please ask a pharmacy there as well.",
        "أسعار الأدوية تتغير بسرعة: اسألوا أيضًا صيدلية هناك.",
    ),
    (
        "Who decides about medical help",
        "medical",
        "Whether medical help can be paid is decided for each family.",
        "يُقرَّر لكل عائلة على حدة هل يمكن دفع تكاليف المساعدة الطبية.",
    ),
)
"""Title, topic, the text in English and in Arabic."""

DANGER = "Мені погрожують, я не знаю, куди йти."
WAITS = (
    ("ti", "CH", "ER", "housing", "ምስ ሰብ ክዛረብ እደሊ።", 9),
    ("fr", "DE", "CM", "ask_application", "Je voudrais parler à quelqu'un, s'il vous plaît.", 3),
)
"""Language, host country, country, topic, what they wrote, how many minutes ago."""
PASSED_ON = ("uk", "DE", "UA", "family", "Дякую! Тоді ще питання про школу для доньки.", 14)
TALK = (
    "أريد أن أتحدث مع شخص",
    "مرحبًا، أنا سميرة من فريق الاستشارة في برن. كيف يمكنني أن أساعدكم؟",
    "شكرًا. قرأت المبلغ، لكن عندي ثلاثة أطفال. هل يُحسب كل طفل؟",
    "نعم، كل طفل يُحسب. غدًا الساعة العاشرة يمكننا أن نملأ الطلب معًا في المكتب.",
    "غدًا الساعة العاشرة في المكتب في برن. خذوا معكم الأوراق من فضلكم.",
    "شكرًا جزيلًا، سنأتي كلنا غدًا",
)
"""The live conversation: asked for, said in turn, the last line when it is handed back, and what
is being typed."""
