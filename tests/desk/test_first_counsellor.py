"""The first account: made once, shown once."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from desk import roles
from desk.models import Counsellor

pytestmark = pytest.mark.django_db


def test_made_once_with_all_roles_and_a_password_that_works(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("first_counsellor")
    shown = json.loads(capsys.readouterr().out)
    assert shown["url"].endswith("/desk/")
    first = Counsellor.objects.get(username=shown["login"])
    assert {group.name for group in first.groups.all()} == {role.name for role in roles.ROLES}
    client = Client()
    client.post(reverse("login"), {"username": shown["login"], "password": shown["password"]})
    assert client.get(reverse("console")).status_code == 200


def test_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("first_counsellor")
    capsys.readouterr()
    call_command("first_counsellor")
    assert capsys.readouterr().out == ""
    assert Counsellor.objects.count() == 1


def test_never_beside_an_account_that_exists(
    jonas: Counsellor, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("first_counsellor")
    assert capsys.readouterr().out == ""
