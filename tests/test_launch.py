"""What is prepared before a start, and ``--only``: more bots and desks beside those that run."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from wegweiser.launch import __main__ as launch
from wegweiser.launch import prepare
from wegweiser.launch.checks import Refusal
from wegweiser.launch.processes import Process, processes
from wegweiser.settings import SettingsError, settings

POSTGRES = "postgresql://nobody@127.0.0.1:9/none"


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, set_settings: Any) -> list[str]:
    """The names of what would run; tables and model are as they should be."""
    names: list[str] = []

    def run_all(_: object, wanted: list[Process], login: object) -> int:
        assert login is None
        names.extend(one.name for one in wanted)
        return 0

    port = free_port()
    set_settings(DATABASE_URL=POSTGRES, ASSISTANT_PORT=port, ACTIONS_PORT=port, DESK_PORT=port)
    monkeypatch.setattr(launch, "run_all", run_all)
    monkeypatch.setattr(launch, "check_tables", lambda: None)
    monkeypatch.setattr(launch, "trained_model", lambda: "model.tar.gz")
    return names


def test_only_what_is_named_starts_and_nothing_is_prepared(
    started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ensure_env_file", "migrate", "ensure_encoder", "ensure_model"):
        monkeypatch.setattr(launch, name, lambda: pytest.fail("prepared"))
    assert launch.main(["--only", "bot", "actions"]) == 0
    assert started == ["actions", "bot"]


def test_a_second_one_needs_postgresql(
    started: list[str], set_settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    set_settings(DATABASE_URL="sqlite:///var/wegweiser.db")
    assert launch.main(["--only", "desk"]) == 1
    assert "PostgreSQL" in capsys.readouterr().err
    assert started == []


def test_only_the_ports_of_what_starts_have_to_be_free(
    started: list[str], set_settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        set_settings(ASSISTANT_PORT=str(taken.getsockname()[1]))
        assert launch.main(["--only", "desk"]) == 0
        assert launch.main(["--only", "bot"]) == 1
    assert "ASSISTANT_PORT" in capsys.readouterr().err
    assert started == ["desk"]


def test_tables_of_another_version_are_refused(
    started: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def behind() -> None:
        raise Refusal("Looking at the tables failed.")

    monkeypatch.setattr(launch, "check_tables", behind)
    assert launch.main(["--only", "bot"]) == 1
    assert "tables" in capsys.readouterr().err
    assert started == []


def test_tables_and_model_are_prepared_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together = threading.Barrier(2, timeout=10)
    for name in ("ensure_env_file", "ensure_encoder"):
        monkeypatch.setattr(launch, name, lambda: None)
    monkeypatch.setattr(launch, "migrate", together.wait)
    monkeypatch.setattr(launch, "ensure_model", together.wait)
    assert launch.main(["--prepare-only"]) == 0
    assert not together.broken


@pytest.mark.parametrize("broken", ["migrate", "ensure_model"])
def test_either_may_refuse(
    broken: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise Refusal(f"{broken} failed.")

    for name in ("ensure_env_file", "ensure_encoder", "migrate", "ensure_model"):
        monkeypatch.setattr(launch, name, refuse if name == broken else lambda: None)
    assert launch.main(["--prepare-only"]) == 1
    assert f"{broken} failed." in capsys.readouterr().err


def test_names_are_read_beside_training(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    together, modules = threading.Barrier(2, timeout=10), set()

    def run(arguments: list[str], *_: str) -> None:
        modules.add(arguments[2])
        together.wait()

    monkeypatch.setattr(prepare, "MODELS", tmp_path)
    monkeypatch.setattr(prepare, "run", run)
    prepare.ensure_model()
    assert modules == {"bot.train", "bot.nlu.names_cache"}


def test_training_again_trains_all_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After a change of texts what has not changed need not be learned again."""
    forced: list[bool] = []

    def run(arguments: list[str], *_: str) -> None:
        if "bot.train" in arguments:
            forced.append("--force" in arguments)

    monkeypatch.setattr(prepare, "MODELS", tmp_path)
    monkeypatch.setattr(prepare, "run", run)
    prepare.ensure_model(force=True).touch()
    prepare.ensure_model()
    prepare.ensure_model(force=True)
    assert forced == [False, True]


WEBHOOK = {
    "TELEGRAM_BOT_TOKEN": "1:x",
    "TELEGRAM_WEBHOOK_URL": "https://bot.example.org/webhooks/telegram/webhook",
    "TELEGRAM_WEBHOOK_SECRET": "s" * 32,
}


def test_who_polls_starts_no_webhook(
    started: list[str], set_settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launch.main(["--only", "webhook"]) == 1
    assert "TELEGRAM_WEBHOOK_URL" in capsys.readouterr().err
    assert "webhook" not in launch._to_start(settings())
    set_settings(**WEBHOOK | {"TELEGRAM_BOT_TOKEN": ""})
    assert "webhook" not in launch._to_start(settings())
    assert [one.name for one in processes(settings(), Path("m"))] == ["actions", "bot", "desk"]
    assert started == []


def test_a_webhook_starts_first_and_alone_also_on_sqlite_without_a_model(
    started: list[str], set_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_settings(**WEBHOOK, DATABASE_URL="sqlite:///var/wegweiser.db", WEBHOOK_PORT=free_port())
    monkeypatch.setattr(launch, "trained_model", lambda: pytest.fail("needs no model"))
    assert launch._to_start(settings()) == ["webhook", "actions", "bot", "desk"]
    assert launch.main(["--only", "webhook"]) == 0
    assert launch.main(["--only", "webhook", "desk"]) == 1
    assert started == ["webhook"]


def test_a_webhook_that_runs_already_is_left_alone(
    started: list[str], set_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_settings(**WEBHOOK)
    monkeypatch.setattr(launch, "healthy", lambda address: address.endswith(":5080/health"))
    assert launch._to_start(settings()) == ["actions", "bot", "desk"]


@pytest.mark.parametrize("secret", ["", "short", "s" * 31, "s" * 257, "ü" * 40, "with space" * 4])
def test_a_webhook_without_a_proper_secret_is_no_setting(secret: str, set_settings: Any) -> None:
    set_settings(**WEBHOOK | {"TELEGRAM_WEBHOOK_SECRET": secret})
    with pytest.raises(SettingsError, match=r"TELEGRAM_WEBHOOK_SECRET: .*32"):
        settings()
