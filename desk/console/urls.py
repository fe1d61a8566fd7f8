"""Addresses of the counsellors' console, below ``/desk/``."""

from __future__ import annotations

from django.urls import path

from desk.console import (
    accounts,
    archive,
    archive_propose,
    canned_answers,
    events,
    live_talk,
    request_actions,
    request_compose,
    request_insert,
    request_page,
    satisfaction,
    worklist,
)

REQUEST = "requests/<str:reference>/"
TALK = "conversations/<str:conversation_id>/"

urlpatterns = [
    path("", worklist.console, name="console"),
    path("list", worklist.worklist, name="worklist"),
    path("events", events.events, name="console-events"),
    path("login", accounts.Login.as_view(), name="login"),
    path("logout", accounts.Logout.as_view(), name="logout"),
    path("language", accounts.language, name="desk-language"),
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
    path(f"{REQUEST}check", request_actions.check, name="request-check"),
    path(f"{REQUEST}undo", request_actions.undo, name="request-undo"),
    path(f"{REQUEST}resend/<int:message_id>", request_actions.resend, name="request-resend"),
    path(f"{REQUEST}promise", request_actions.promise, name="request-promise"),
    path(f"{REQUEST}delay", request_actions.tell_delay, name="request-delay"),
    path(f"{REQUEST}draft", request_compose.draft, name="request-draft"),
    path(f"{REQUEST}translate", request_compose.translate, name="request-translate"),
    path(f"{REQUEST}right", request_compose.check_translation, name="request-right"),
    path(f"{REQUEST}preview", request_compose.preview_answer, name="request-preview"),
    path(f"{REQUEST}insert", request_insert.insert, name="request-insert"),
    path(f"{REQUEST}question", request_compose.translate_question, name="request-question"),
    path(f"{REQUEST}looking", request_compose.looking, name="request-looking"),
    path(f"{REQUEST}leave", request_compose.leave, name="request-leave"),
    path(f"{REQUEST}sheet.pdf", request_compose.printed_sheet, name="request-sheet"),
    path(f"{REQUEST}archive", archive_propose.propose, name="request-archive"),
    path(f"{REQUEST}near", archive.near, name="request-near"),
    path("archive/", archive.archive, name="archive"),
    path("archive/<int:pk>/", archive.one_answer, name="archived-answer"),
    path("archive/<int:pk>/approve", archive.approve, name="archived-approve"),
    path("archive/<int:pk>/discard", archive.discard, name="archived-discard"),
    path("archive/<int:pk>/retire", archive.retire, name="archived-retire"),
    path("satisfaction/", satisfaction.page, name="satisfaction"),
    path("canned/", canned_answers.answers, name="canned-answers"),
    path("canned/new", canned_answers.edit, name="canned-new"),
    path("canned/<int:pk>/", canned_answers.edit, name="canned-edit"),
    path("canned/<int:pk>/delete", canned_answers.delete, name="canned-delete"),
    path(TALK, live_talk.page, name="conversation"),
    path(f"{TALK}thread", live_talk.thread, name="conversation-thread"),
    path(f"{TALK}take-over", live_talk.take_over, name="conversation-take-over"),
    path(f"{TALK}write", live_talk.write, name="conversation-write"),
    path(f"{TALK}hand-back", live_talk.hand_back, name="conversation-hand-back"),
    path(f"{TALK}seen", live_talk.seen, name="conversation-seen"),
]
