"""Roles as data: what somebody with an account at the desk may do.

A role is one of Django's groups; ``write_roles`` makes the groups what this table says after every
``migrate``. A view names the permission it needs (``desk.console.access``), never a role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORK_REQUESTS = "desk.work_requests"
MOVE_REQUESTS = "desk.move_requests"
WORK_CONVERSATIONS = "desk.work_conversations"
MOVE_CONVERSATIONS = "desk.move_conversations"
READ_DESK_LOG = "desk.read_desk_log"
EDIT_CANNED_ANSWERS = "desk.edit_canned_answers"
APPROVE_ARCHIVE = "desk.approve_archive"
SEE_DASHBOARD = "desk.see_dashboard"
MANAGE_ACCOUNTS = "desk.change_counsellor"
MANAGE_TEAMS = "desk.change_team"


@dataclass(frozen=True)
class Role:
    """One row of the table; ``name`` is the group's and never changes."""

    name: str
    title: str | Promise
    permissions: tuple[str, ...]


ADMINISTRATOR = "administrator"
WORK = (WORK_REQUESTS, WORK_CONVERSATIONS)
CONTENT = (EDIT_CANNED_ANSWERS, APPROVE_ARCHIVE)

ROLES = (
    Role("counsellor", _("Counsellor"), WORK),
    Role(
        "supervisor",
        _("Supervisor"),
        (*WORK, *CONTENT, MOVE_REQUESTS, MOVE_CONVERSATIONS, READ_DESK_LOG, SEE_DASHBOARD),
    ),
    # Looks after the texts and reads nothing that a person wrote to a counsellor.
    Role("content_editor", _("Content editor"), (*CONTENT, SEE_DASHBOARD)),
    # Looks after accounts and reads nothing that people write.
    Role(ADMINISTRATOR, _("Administrator"), (MANAGE_ACCOUNTS, MANAGE_TEAMS)),
)


def roles_of(names: Iterable[str]) -> list[Role]:
    """The roles among these names of groups, in the order of the table."""
    known = set(names)
    return [role for role in ROLES if role.name in known]


def write_roles(**_: object) -> None:
    """Make the groups what ``ROLES`` says; a group that is not in it is left alone.

    A permission whose table is not there yet comes with the ``migrate`` that makes the table.
    """
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.name)
        codes = [name.partition(".")[2] for name in role.permissions]
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="desk", codename__in=codes)
        )
