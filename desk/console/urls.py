"""Addresses of the counsellors' console, below ``/desk/``."""

from __future__ import annotations

from django.urls import include, path

from desk.console import (
    dashboard,
    desk_log,
    events,
    list_settings,
    live_talk,
    move,
    request_actions,
    request_page,
    worklist,
    workload,
)

REQUEST = "requests/<str:reference>/"
TALK = "conversations/<str:conversation_id>/"

urlpatterns = [
    path("", worklist.console, name="console"),
    path("list", worklist.worklist, name="worklist"),
    path("list/looked", list_settings.look, name="list-looked"),
    path("list/settings", list_settings.settings, name="list-settings"),
    path("list/views", list_settings.save_view, name="view-save"),
    path("list/views/<int:pk>/delete", list_settings.delete_view, name="view-delete"),
    path("list/move", move.move, name="move"),
    path("list/move/to", move.targets, name="move-targets"),
    path("workload", workload.workload, name="workload"),
    path("dashboard", dashboard.page, name="dashboard"),
    path("dashboard.csv", dashboard.file, name="dashboard-file"),
    path("log", desk_log.page, name="desk-log"),
    path("events", events.events, name="console-events"),
    path("", include("desk.console.account_urls")),
    path(REQUEST, request_page.page, name="request"),
    path(f"{REQUEST}record", request_page.record, name="request-record"),
    path(f"{REQUEST}take", request_actions.take, name="request-take"),
    path(f"{REQUEST}release", request_actions.release, name="request-release"),
    path(f"{REQUEST}state", request_actions.set_state, name="request-state"),
    path(f"{REQUEST}answer", request_actions.answer, name="request-answer"),
    path(f"{REQUEST}decline", request_actions.decline, name="request-decline"),
    path(f"{REQUEST}close", request_actions.close, name="request-close"),
    path(f"{REQUEST}reopen", request_actions.reopen, name="request-reopen"),
    path(f"{REQUEST}note", request_actions.note, name="request-note"),
    path(TALK, live_talk.page, name="conversation"),
    path(f"{TALK}thread", live_talk.thread, name="conversation-thread"),
    path(f"{TALK}take-over", live_talk.take_over, name="conversation-take-over"),
    path(f"{TALK}write", live_talk.write, name="conversation-write"),
    path(f"{TALK}hand-back", live_talk.hand_back, name="conversation-hand-back"),
    path(f"{TALK}pass-on", live_talk.pass_on, name="conversation-pass-on"),
    path(f"{TALK}typing", live_talk.typing, name="conversation-typing"),
    path(f"{TALK}seen", live_talk.seen, name="conversation-seen"),
]
