"""Addresses of the counsellors' console, below ``/desk/``."""

from __future__ import annotations

from django.urls import path

from desk.console import accounts, events, files, live_talk, request_actions, request_page, worklist

REQUEST = "requests/<str:reference>/"
TALK = "conversations/<str:conversation_id>/"

urlpatterns = [
    path("", worklist.console, name="console"),
    path("list", worklist.worklist, name="worklist"),
    path("events", events.events, name="console-events"),
    path("login", accounts.Login.as_view(), name="login"),
    path("logout", accounts.Logout.as_view(), name="logout"),
    path("language", accounts.language, name="desk-language"),
    path("files/<str:file_id>", files.download, name="file"),
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
    path(f"{TALK}seen", live_talk.seen, name="conversation-seen"),
]
