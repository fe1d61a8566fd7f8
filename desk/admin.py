"""Django's admin, for accounts only: nothing that people write can be reached through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.models import Counsellor
from desk.roles import ROLES


class AccountsAdmin(AdminSite):
    """Open to whoever may change accounts (the role administrator)."""

    site_header = site_title = _("Wegweiser: accounts")
    index_title = _("Accounts")
    site_url = "/desk/"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.has_perm("desk.change_counsellor")

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One log-in for everything: the desk's; who is logged in already lacks the role."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))


if TYPE_CHECKING:  # the type has a parameter, the class at run time has none
    AccountAdmin = UserAdmin[Counsellor]
else:
    AccountAdmin = UserAdmin


class CounsellorAdmin(AccountAdmin):
    """Accounts with their roles; single permissions are not handed out, and nobody is deleted.

    Somebody who leaves is made inactive: their name stays beside what they did.
    """

    list_display = ("username", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (_("Role"), {"fields": ("is_active", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Counsellor]:
        # An administrator cannot take over an account that may do more than roles allow.
        return super().get_queryset(request).filter(Q(is_superuser=False) | Q(pk=request.user.pk))

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=[role.name for role in ROLES])
        return super().formfield_for_manytomany(db_field, request, **kwargs)


accounts_admin = AccountsAdmin(name="admin")
accounts_admin.register(Counsellor, CounsellorAdmin)
