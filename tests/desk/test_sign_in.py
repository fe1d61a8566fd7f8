"""Logging in: how often, with which second factor, from where."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.core.cache.backends import locmem
from django.test import Client
from django.urls import reverse

from desk.models import Counsellor, DeskEvent
from tests.desk.conftest import PASSWORD
from wegweiser import encryption

pytestmark = pytest.mark.django_db


def code_for(secret: str) -> str:
    """What the app on the phone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def enter(name: str, password: str = PASSWORD, client: Client | None = None) -> Client:
    client = client or Client()
    client.response = client.post(  # type: ignore[attr-defined]
        reverse("login"), {"username": name, "password": password}
    )
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("own-account")).status_code == 200


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set up a second factor; the key that the phone holds, and the recovery codes."""
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    codes = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}, follow=True)
    return secret, list(codes.context["unused_codes"])


def test_name_and_password_log_in_and_it_is_logged(jonas: Counsellor) -> None:
    assert is_in(enter("jonas"))
    assert not is_in(enter("jonas", "wrong"))
    event = DeskEvent.objects.get()
    assert (event.kind, event.counsellor, event.account) == ("logged_in", jonas, jonas)


def test_after_five_wrong_passwords_even_the_right_one_waits(jonas: Counsellor) -> None:
    for _ in range(5):
        assert not is_in(enter("jonas", "wrong"))
    refused = enter("jonas")
    assert not is_in(refused)
    assert "Too many failed login attempts" in refused.response.content.decode()  # type: ignore[attr-defined]


def test_attempts_count_in_every_desk_process_and_for_that_account_alone(
    jonas: Counsellor, petra: Counsellor
) -> None:
    for _ in range(5):
        enter("jonas", "wrong")
    # Another process has no memory of this one; what they share is the table.
    locmem._caches.clear()  # type: ignore[attr-defined]
    del caches["default"]
    assert not is_in(enter("jonas"))
    assert is_in(enter("petra"))


def test_what_is_refused_is_told_in_german(jonas: Counsellor) -> None:
    response = Client(headers={"accept-language": "de"}).post(
        reverse("login"), {"username": "jonas", "password": "wrong"}
    )
    alert = response.context["form"].non_field_errors()[0]
    assert "Passwort" in alert
    assert "password" not in alert


def test_a_switched_off_account_looks_like_a_wrong_password(jonas: Counsellor) -> None:
    wrong = enter("jonas", "wrong").response.content  # type: ignore[attr-defined]
    Counsellor.objects.update(is_active=False)
    off = enter("jonas")
    assert not is_in(off)
    text = b"username and/or password you specified are not correct"
    assert text in off.response.content  # type: ignore[attr-defined]
    assert text in wrong


def test_with_a_second_factor_the_password_alone_opens_nothing(
    jonas: Counsellor, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        secret, _ = set_up(enter("jonas"))
    client = enter("jonas")
    assert client.response.headers["Location"] == reverse("mfa_authenticate")  # type: ignore[attr-defined]
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert is_in(client)
    kinds = list(DeskEvent.objects.values_list("kind", flat=True))
    assert kinds == ["logged_in", "second_factor_on", "logged_in"]


def test_a_code_that_somebody_read_over_the_shoulder_does_not_work_again(
    jonas: Counsellor,
) -> None:
    secret, _ = set_up(enter("jonas"))
    code = code_for(secret)
    first, second = enter("jonas"), enter("jonas")
    first.post(reverse("mfa_authenticate"), {"code": code})
    second.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_codes_cannot_be_tried_without_end(jonas: Counsellor) -> None:
    secret, _ = set_up(enter("jonas"))
    client = enter("jonas")
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert not is_in(client)


def test_a_recovery_code_logs_in_once(jonas: Counsellor) -> None:
    _, codes = set_up(enter("jonas"))
    assert len(codes) == 10
    first, second = enter("jonas"), enter("jonas")
    first.post(reverse("mfa_authenticate"), {"code": codes[0]})
    second.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_in(first)
    assert not is_in(second)


def test_recovery_codes_are_shown_once(jonas: Counsellor) -> None:
    client = enter("jonas")
    _, codes = set_up(client)
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert codes[0] not in again
    assert "10 codes left" in again


def test_the_keys_of_second_factors_are_unreadable_in_the_database(jonas: Counsellor) -> None:
    secret, codes = set_up(enter("jonas"))
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert codes[0] not in stored


def test_keys_of_second_factors_rotate_with_the_others(jonas: Counsellor) -> None:
    from desk.key_rotation import rotate_keys

    secret, _ = set_up(enter("jonas"))
    totp = Authenticator.objects.get(type="totp")
    before = totp.data["secret"]
    assert rotate_keys() == 2
    totp.refresh_from_db()
    assert totp.data["secret"] != before
    assert encryption.decrypt(totp.data["secret"]) == secret


def test_where_it_is_required_nothing_opens_before_it_is_set_up(
    jonas: Counsellor, set_settings: Any
) -> None:
    set_settings(DESK_SECOND_FACTOR="required")
    client = enter("jonas")
    setting_up = reverse("mfa_activate_totp")
    assert client.get(reverse("console")).headers["Location"] == setting_up
    piece = client.get(reverse("worklist"), headers={"HX-Request": "true"})
    assert piece.headers["HX-Redirect"] == setting_up
    assert client.get(reverse("console-events")).status_code == 204
    assert "asks everybody" in client.get(reverse("own-account")).content.decode()
    set_up(client)
    assert client.get(reverse("console")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").exists()


def test_where_it_is_offered_it_can_be_removed(jonas: Counsellor) -> None:
    client = enter("jonas")
    set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert DeskEvent.objects.filter(kind="second_factor_off", counsellor=jonas).count() == 1


def test_an_open_desk_that_somebody_left_does_not_change_the_second_factor(
    jonas: Counsellor,
) -> None:
    client = enter("jonas")
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    response = client.get(reverse("mfa_activate_totp"))
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/desk/account/"})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_logging_out_everywhere_else(jonas: Counsellor) -> None:
    here, there = enter("jonas"), enter("jonas")
    page = here.get(reverse("usersessions_list"))
    assert page.context["session_count"] == 2
    here.post(reverse("usersessions_list"))
    assert is_in(here)
    assert not is_in(there)


def test_a_new_password_logs_out_everywhere_else(jonas: Counsellor) -> None:
    here, there = enter("jonas"), enter("jonas")
    new = "another horse battery 9"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert is_in(here)
    assert not is_in(there)
    assert is_in(enter("jonas", new))
    assert "password_set" in DeskEvent.objects.values_list("kind", flat=True)


def test_where_somebody_logged_in_is_forgotten_with_the_log_in(jonas: Counsellor) -> None:
    from desk.retention import erase_old

    stays, leaves = enter("jonas"), enter("jonas")
    leaves.session.delete(leaves.session.session_key)
    erase_old()
    assert UserSession.objects.get().session_key == stays.session.session_key


def test_nobody_is_sent_to_another_site_after_logging_in(jonas: Counsellor) -> None:
    response = Client().post(
        reverse("login"),
        {"username": "jonas", "password": PASSWORD, "next": "https://elsewhere.example/"},
    )
    assert response.headers["Location"] == reverse("console")
