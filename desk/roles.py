"""Roles as data: what somebody with an account at the desk may do.

A role is one of Django's groups; ``write_roles`` makes the groups what this table says after every
``migrate``. A view names the permission it needs (``desk.console.access``), never a role.
"""

from __future__ import annotations

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
ACCOUNTS = ("desk.view_counsellor", "desk.add_counsellor", "desk.change_counsellor")


@dataclass(frozen=True)
class Role:
    """One row of the table; ``name`` is the group's and never changes."""

    name: str
    title: str | Promise
    permissions: tuple[str, ...]


ROLES = (
    Role("counsellor", _("Counsellor"), (WORK_REQUESTS, WORK_CONVERSATIONS)),
    Role(
        "supervisor",
        _("Supervisor"),
        (
            WORK_REQUESTS,
            WORK_CONVERSATIONS,
            MOVE_REQUESTS,
            MOVE_CONVERSATIONS,
            READ_DESK_LOG,
            EDIT_CANNED_ANSWERS,
            APPROVE_ARCHIVE,
        ),
    ),
    # Looks after accounts and reads nothing that people write.
    Role("administrator", _("Administrator"), ACCOUNTS),
)


def write_roles(**_: object) -> None:
    """Make the groups what ``ROLES`` says; a group that is not in it is left alone."""
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.name)
        codes = [name.partition(".")[2] for name in role.permissions]
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="desk", codename__in=codes)
        )
