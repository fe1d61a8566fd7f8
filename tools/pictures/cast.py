"""Who works at the desk of the pictures: accounts, roles and teams."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group

from desk import accounts, teams
from desk.models import Counsellor, Team
from desk.roles import ADMINISTRATOR
from tools.pictures.moments import done, worked

CAST: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "edi": (("content_editor",), ()),
    "jonas": (("counsellor",), ("Bern", "Nürnberg")),
    "petra": (("counsellor",), ("Nürnberg",)),
    "ruth": (("supervisor",), ()),
    "samira": (("counsellor",), ("Bern",)),
    "tom": (("counsellor",), ("Bern",)),
}
"""User name: roles, teams. Beside them Ada, who looks after the accounts."""


def people(password: str) -> dict[str, Counsellor]:
    """Everybody by user name: invited by Ada, two with a second factor, one switched off."""
    ada = Counsellor.objects.create_user("ada", password=password, first_name="Ada")
    ada.groups.set(Group.objects.filter(name=ADMINISTRATOR))
    who = {"ada": ada}
    for name, (roles, _teams) in CAST.items():
        facts = accounts.AccountFacts(name.capitalize(), "", "en", roles, ())
        who[name] = accounts.do_invite(ada, name, facts)
        who[name].set_password(password)
        who[name].save()
    for name, host, hours in (
        ("Bern", "CH", "Mon-Fri 08:30-17:00"),
        ("Nürnberg", "DE", "Mon-Thu 09:00-16:00; Fri 09:00-12:00"),
    ):
        members = [who[one] for one, (_roles, its) in CAST.items() if name in its]
        teams.do_save(ada, Team(name=name, host_country=host, hours=hours), members)
    bern = Team.objects.get(name="Bern")
    nora = accounts.AccountFacts("Nora", "", "de", ("counsellor",), (bern,))
    accounts.do_make_link(ada, accounts.do_invite(ada, "nora", nora))
    accounts.do_switch_off(ada, who["tom"])
    for name, days in (("edi", 4), ("petra", 0), ("tom", 40)):
        Counsellor.objects.filter(pk=who[name].pk).update(last_login=worked(days, 8))
    for name in ("edi", "petra"):
        TOTP.activate(who[name], generate_totp_secret())
    done(worked(40, 9))
    return who
