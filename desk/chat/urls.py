"""Addresses of the chat page, below ``/chat/``."""

from __future__ import annotations

from django.urls import path

from desk.chat import pictures, views

urlpatterns = [
    path("", views.page, name="chat"),
    path("start", views.start, name="chat-start"),
    path("send", views.send, name="chat-send"),
    path("messages", views.messages, name="chat-messages"),
    path("arrived", views.arrived, name="chat-arrived"),
    path("typing", views.typing, name="chat-typing"),
    path("language", views.language, name="chat-language"),
    path("pictures/<str:name>", pictures.picture, name="chat-picture"),
    path("events", views.events, name="chat-events"),
]
