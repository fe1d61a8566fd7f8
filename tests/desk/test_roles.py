"""Who may do what: every view of the console, for every role and for nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk import roles
from desk.console.urls import urlpatterns
from tests.desk.conftest import account, asked, talk

pytestmark = pytest.mark.django_db

REQUESTS, TALKS, BOTH, ANYBODY = "requests", "talks", "requests or talks", "anybody"
CANNED = "canned answers"
APPROVE, ARCHIVE = "approving", "the archive"
GET, POST = "get", "post"

# Every address of the console: (method, what one needs). A new one fails the test until it is here.
VIEWS = {
    "console": (GET, BOTH),
    "worklist": (GET, BOTH),
    "console-events": (GET, BOTH),
    "login": (GET, ANYBODY),
    "logout": (POST, ANYBODY),
    "desk-language": (POST, ANYBODY),
    "request": (GET, REQUESTS),
    "request-record": (GET, REQUESTS),
    "request-take": (POST, REQUESTS),
    "request-release": (POST, REQUESTS),
    "request-state": (POST, REQUESTS),
    "request-answer": (POST, REQUESTS),
    "request-decline": (POST, REQUESTS),
    "request-close": (POST, REQUESTS),
    "request-reopen": (POST, REQUESTS),
    "request-note": (POST, REQUESTS),
    "request-check": (POST, REQUESTS),
    "request-undo": (POST, REQUESTS),
    "request-resend": (POST, REQUESTS),
    "request-promise": (POST, REQUESTS),
    "request-delay": (POST, REQUESTS),
    "request-draft": (POST, REQUESTS),
    "request-translate": (POST, REQUESTS),
    "request-right": (POST, REQUESTS),
    "request-preview": (POST, REQUESTS),
    "request-insert": (GET, REQUESTS),
    "request-question": (POST, REQUESTS),
    "request-looking": (POST, REQUESTS),
    "request-leave": (POST, REQUESTS),
    "request-sheet": (GET, REQUESTS),
    "canned-answers": (GET, REQUESTS),
    "canned-new": (GET, CANNED),
    "canned-edit": (GET, CANNED),
    "canned-delete": (POST, CANNED),
    "request-archive": (GET, REQUESTS),
    "request-near": (GET, REQUESTS),
    "archive": (GET, ARCHIVE),
    "archived-answer": (GET, ARCHIVE),
    "archived-approve": (POST, APPROVE),
    "archived-discard": (POST, ARCHIVE),
    "archived-retire": (POST, APPROVE),
    "satisfaction": (GET, REQUESTS),
    "conversation": (GET, TALKS),
    "conversation-thread": (GET, TALKS),
    "conversation-take-over": (POST, TALKS),
    "conversation-write": (POST, TALKS),
    "conversation-hand-back": (POST, TALKS),
    "conversation-seen": (POST, TALKS),
}
OPEN_TO = {
    "counsellor": {REQUESTS, TALKS, BOTH, ARCHIVE, ANYBODY},
    "supervisor": {REQUESTS, TALKS, BOTH, CANNED, ARCHIVE, APPROVE, ANYBODY},
    "administrator": {ANYBODY},
    "no role": {ANYBODY},
    "nobody": {ANYBODY},
}


def test_every_address_of_the_console_is_in_this_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(VIEWS)


def test_every_role_is_in_this_table() -> None:
    assert {role.name for role in roles.ROLES} | {"no role", "nobody"} == set(OPEN_TO)


def test_every_view_says_which_permission_it_needs() -> None:
    silent = {
        pattern.name for pattern in urlpatterns if not hasattr(pattern.callback, "permissions")
    }
    assert silent == {name for name, (_, needs) in VIEWS.items() if needs == ANYBODY}


def _address(name: str) -> str:
    if name in ("canned-edit", "canned-delete"):
        from desk.models import CannedAnswer

        return reverse(name, args=[CannedAnswer.objects.create(title="Opening hours").pk])
    if name.startswith("archived"):
        from django.utils import timezone

        from desk.models import ArchivedAnswer, Counsellor

        # The proposal of whoever asks, if anybody: only their own may everybody discard.
        mine = Counsellor.objects.filter(username="somebody").first()
        own = mine if name == "archived-discard" else None
        made = ArchivedAnswer.objects.create(
            topic="housing", valid_as_of=timezone.localdate(), proposed_by=own
        )
        return reverse(name, args=[made.pk])
    if name == "request-insert":
        return f"{reverse(name, args=[asked().reference])}?programme=ch.rif"
    if name == "request-resend":
        from desk.models import Message

        request = asked()
        row = Message.objects.create(
            conversation=request.conversation, key="k", direction="out", request=request
        )
        return reverse(name, args=[request.reference, row.pk])
    if name.startswith("request"):
        return reverse(name, kwargs={"reference": asked().reference})
    if name.startswith("conversation"):
        from django.utils import timezone

        waiting = talk(waiting_since=timezone.now())
        return reverse(name, kwargs={"conversation_id": waiting.pk})
    return reverse(name)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("who", OPEN_TO)
def test_matrix(who: str, view: str, log_in: Callable[[Any], Client]) -> None:
    method, needed = VIEWS[view]
    person = None
    if who != "nobody":
        person = account("somebody", *(() if who == "no role" else (who,)))
    response = getattr(log_in(person), method)(_address(view))
    if needed in OPEN_TO[who]:
        assert response.status_code in (200, 204, 302, 400, 409), response.status_code
        assert "/desk/login?" not in response.headers.get("Location", "")
    elif who == "nobody" and view == "console-events":
        assert response.status_code == 204
    elif who == "nobody":
        assert response.headers["Location"].startswith("/desk/login?next=")
    else:
        assert response.status_code == 403


@pytest.mark.parametrize(
    ("who", "may"),
    [("counsellor", False), ("supervisor", False), ("administrator", True), ("no role", False)],
)
def test_accounts_are_for_administrators(
    who: str, may: bool, log_in: Callable[[Any], Client]
) -> None:
    person = account("somebody", *(() if who == "no role" else (who,)))
    response = log_in(person).get("/admin/desk/counsellor/", follow=True)
    assert response.status_code == (200 if may else 403)


def test_the_admin_shows_nothing_that_people_write(
    ada: Any, log_in: Callable[[Any], Client]
) -> None:
    from desk.admin import accounts_admin
    from desk.models import Counsellor

    assert set(accounts_admin._registry) == {Counsellor}
    page = log_in(ada).get(f"/admin/desk/counsellor/{ada.pk}/change/").content.decode()
    assert 'name="is_superuser"' not in page
    assert 'name="user_permissions"' not in page


def test_an_administrator_makes_an_account_with_a_role(
    ada: Any, log_in: Callable[[Any], Client]
) -> None:
    from django.contrib.auth.models import Group

    from desk.models import Counsellor

    client = log_in(ada)
    secret = "a long enough secret 7"
    client.post(
        "/admin/desk/counsellor/add/",
        {"username": "nora", "usable_password": "true", "password1": secret, "password2": secret},
    )
    nora = Counsellor.objects.get(username="nora")
    role = Group.objects.get(name="counsellor")
    client.post(
        f"/admin/desk/counsellor/{nora.pk}/change/",
        {"username": "nora", "language": "de", "is_active": "on", "groups": [role.pk]},
    )
    nora = Counsellor.objects.get(pk=nora.pk)
    assert nora.has_perm(roles.WORK_REQUESTS)
    assert not nora.is_superuser


def test_roles_are_written_again_as_the_table_says(db: None) -> None:
    from django.contrib.auth.models import Group

    Group.objects.get(name="counsellor").permissions.clear()
    roles.write_roles()
    codes = Group.objects.get(name="counsellor").permissions.values_list("codename", flat=True)
    assert {f"desk.{code}" for code in codes} == set(roles.ROLES[0].permissions)


def test_a_piece_of_a_page_sends_the_whole_page_to_the_login(
    log_in: Callable[[Any], Client], db: None
) -> None:
    response = log_in(None).get(reverse("worklist"), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/desk/login"
