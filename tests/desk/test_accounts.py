"""An administrator's work on accounts: invitations, roles, and what ends somebody's access."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from desk import accounts, roles
from desk.accounts import AccountFacts, LastAdministrator
from desk.models import Counsellor, DeskEvent
from tests.desk.conftest import PASSWORD, account, asked, team
from tests.desk.test_sign_in import code_for, enter, is_in, set_up

pytestmark = pytest.mark.django_db

NEW = "a long enough secret 7"
LogIn = Callable[[Any], Client]


def facts(*role_names: str, teams: tuple[Any, ...] = ()) -> AccountFacts:
    return AccountFacts("Nora", "Nell", "de", role_names, teams)


def invited(ada: Counsellor, *role_names: str) -> tuple[Counsellor, str]:
    """Nora's account, and the path of her link."""
    nora = accounts.do_invite(ada, "nora", facts(*(role_names or ("counsellor",))))
    return nora, urlsplit(accounts.do_make_link(ada, nora)).path


def sets_password(link: str, password: str = NEW) -> Client:
    """Somebody opens a link and types a password."""
    client = Client()
    form = client.get(link).headers.get("Location", link)
    client.response = client.post(  # type: ignore[attr-defined]
        form, {"new_password1": password, "new_password2": password}
    )
    return client


def test_an_administrator_invites_and_the_invited_works(ada: Counsellor, log_in: LogIn) -> None:
    bern = team("Bern", "CH")
    page = log_in(ada).post(
        reverse("account-new"),
        {
            "username": "nora",
            "first_name": "Nora",
            "language": "de",
            "roles": ["counsellor"],
            "teams": [bern.pk],
        },
    )
    (link,) = re.findall(r"http://[^<]+/set-password/[^<]+", page.content.decode())
    assert not is_in(enter("nora", ""))
    told = sets_password(urlsplit(link).path)
    assert not is_in(told), "a link alone logs nobody in"
    client = enter("nora", NEW)
    assert "Anfragen" in client.get(reverse("console")).content.decode()
    nora = Counsellor.objects.get(username="nora")
    assert list(nora.teams.all()) == [bern]
    assert not nora.is_superuser
    assert list(DeskEvent.objects.values_list("kind", "counsellor", "account", "detail")) == [
        ("invited", ada.pk, nora.pk, f"roles=counsellor teams={bern.pk}"),
        ("link_made", ada.pk, nora.pk, ""),
        ("password_set", nora.pk, nora.pk, ""),
        ("logged_in", nora.pk, nora.pk, ""),
    ]


def test_a_link_works_once(ada: Counsellor) -> None:
    _, link = invited(ada)
    sets_password(link)
    assert "no longer works" in Client().get(link).content.decode()
    sets_password(link, "somebody else 9 9")
    assert not is_in(enter("nora", "somebody else 9 9"))
    assert is_in(enter("nora", NEW))


def test_only_the_newest_link_works(ada: Counsellor) -> None:
    nora, old = invited(ada)
    new = urlsplit(accounts.do_make_link(ada, nora)).path
    sets_password(old)
    assert not is_in(enter("nora", NEW))
    sets_password(new)
    assert is_in(enter("nora", NEW))


@pytest.mark.parametrize(("hours", "works"), [(71, True), (73, False)])
def test_a_link_works_for_three_days(
    hours: int, works: bool, ada: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, link = invited(ada)
    later = datetime.now() + timedelta(hours=hours)
    monkeypatch.setattr(accounts.link_tokens, "_now", lambda: later)
    sets_password(link)
    assert is_in(enter("nora", NEW)) is works


def test_the_link_of_a_switched_off_account_is_dead(ada: Counsellor) -> None:
    nora, link = invited(ada)
    accounts.do_switch_off(ada, nora)
    sets_password(link)
    accounts.do_switch_on(ada, nora)
    assert not is_in(enter("nora", NEW))


@pytest.mark.parametrize("change", ["token", "account"])
def test_a_link_that_somebody_changed_opens_nothing(
    change: str, ada: Counsellor, jonas: Counsellor
) -> None:
    _, link = invited(ada)
    start, uid, token = link.rsplit("/", 2)
    if change == "token":
        token = token[:-1] + ("a" if token[-1] != "a" else "b")
    else:
        uid = accounts.urlsafe_base64_encode(str(jonas.pk).encode())
    assert "no longer works" in Client().get(f"{start}/{uid}/{token}").content.decode()


def test_the_token_does_not_stay_in_the_address(ada: Counsellor) -> None:
    _, link = invited(ada)
    response = Client().get(link)
    assert link.rpartition("/")[2] not in response.headers["Location"]
    assert "no-store" in response.headers["Cache-Control"]


def test_a_password_that_everybody_uses_is_refused(ada: Counsellor) -> None:
    _, link = invited(ada)
    sets_password(link, "password")
    assert not is_in(enter("nora", "password"))


def test_a_new_link_ends_the_old_password_and_every_log_in(
    ada: Counsellor, jonas: Counsellor
) -> None:
    client = enter("jonas")
    accounts.do_make_link(ada, jonas)
    assert not is_in(client)
    assert not is_in(enter("jonas"))


def test_a_new_password_does_not_go_round_the_second_factor(
    ada: Counsellor, jonas: Counsellor
) -> None:
    secret, _ = set_up(enter("jonas"))
    sets_password(urlsplit(accounts.do_make_link(ada, jonas)).path)
    client = enter("jonas", NEW)
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert is_in(client)


def test_a_lost_second_factor_is_removed_and_everybody_logged_out(
    ada: Counsellor, jonas: Counsellor, log_in: LogIn
) -> None:
    client = enter("jonas")
    set_up(client)
    log_in(ada).post(reverse("account-second-factor", args=[jonas.pk]))
    assert not is_in(client)
    assert is_in(enter("jonas"))
    event = DeskEvent.objects.get(kind="second_factor_off")
    assert (event.counsellor, event.account) == (ada, jonas)


def test_logging_somebody_out_everywhere(
    ada: Counsellor, jonas: Counsellor, petra: Counsellor, log_in: LogIn
) -> None:
    at_work, at_home, petras = enter("jonas"), enter("jonas"), enter("petra")
    log_in(ada).post(reverse("account-log-out", args=[jonas.pk]))
    assert [is_in(one) for one in (at_work, at_home, petras)] == [False, False, True]


def test_switching_off_ends_access_at_once_and_keeps_the_name(
    ada: Counsellor, jonas: Counsellor, log_in: LogIn
) -> None:
    client = enter("jonas")
    administrator = log_in(ada)
    administrator.post(reverse("account-switch", args=[jonas.pk]), {"active": "no"})
    assert not is_in(client)
    assert not is_in(enter("jonas"))
    assert "Jonas" in administrator.get(reverse("accounts")).content.decode()
    administrator.post(reverse("account-switch", args=[jonas.pk]), {"active": "yes"})
    assert is_in(enter("jonas"))


def test_a_role_that_is_taken_away_ends_its_rights_at_once(
    ada: Counsellor, jonas: Counsellor
) -> None:
    client = enter("jonas")
    assert client.get(reverse("console")).status_code == 200
    accounts.do_change(ada, jonas, facts("content_editor"))
    assert client.get(reverse("console")).status_code == 403
    assert DeskEvent.objects.get(kind="account_changed").detail == "roles=content_editor teams="


def test_the_last_administrator_stays_one(
    ada: Counsellor, jonas: Counsellor, log_in: LogIn
) -> None:
    with pytest.raises(LastAdministrator):
        accounts.do_switch_off(ada, ada)
    with pytest.raises(LastAdministrator):
        accounts.do_change(ada, ada, facts("counsellor"))
    response = log_in(ada).post(reverse("account-switch", args=[ada.pk]), {"active": "no"})
    assert response.status_code == 409
    assert "last account" in response.content.decode()
    other = account("otto", "administrator")
    accounts.do_switch_off(ada, other)
    with pytest.raises(LastAdministrator):
        accounts.do_switch_off(other, ada)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_switch_each_other_off(ada: Counsellor) -> None:
    otto = account("otto", "administrator")
    start = threading.Barrier(2)
    refused: list[str] = []

    def switches_off(by: Counsellor, other: Counsellor) -> None:
        start.wait()
        try:
            accounts.do_switch_off(by, other)
        except LastAdministrator:
            refused.append(by.username)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=switches_off, args=pair) for pair in ((ada, otto), (otto, ada))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    assert Counsellor.objects.filter(is_active=True).count() == 1


def test_an_administrator_cannot_take_over_an_account_that_may_do_more(
    ada: Counsellor, log_in: LogIn
) -> None:
    root = Counsellor.objects.create_superuser("root", password=PASSWORD)
    client = log_in(ada)
    assert client.post(reverse("account-link", args=[root.pk])).status_code == 404
    assert "root" not in client.get(reverse("accounts")).content.decode()
    assert is_in(enter("root"))


def test_an_administrator_cannot_lose_their_own_password(ada: Counsellor, log_in: LogIn) -> None:
    assert log_in(ada).post(reverse("account-link", args=[ada.pk])).status_code == 403
    assert is_in(enter("ada"))


def test_what_is_not_a_role_cannot_be_given(ada: Counsellor, log_in: LogIn) -> None:
    form = {"username": "nora", "language": "en", "roles": ["superuser"]}
    assert log_in(ada).post(reverse("account-new"), form).status_code == 400
    assert not Counsellor.objects.filter(username="nora").exists()


def test_a_name_that_differs_only_in_its_capitals_is_taken(
    ada: Counsellor, jonas: Counsellor, log_in: LogIn
) -> None:
    form = {"username": "Jonas", "language": "en", "roles": ["counsellor"]}
    response = log_in(ada).post(reverse("account-new"), form)
    assert "already" in response.content.decode()


def test_an_administrator_reads_nothing_that_people_write(ada: Counsellor, log_in: LogIn) -> None:
    assert not {roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS} & set(roles.ROLES[-1].permissions)
    assert log_in(ada).get(reverse("request", args=[asked().reference])).status_code == 403
