"""The mailbox door: what is stored once, answered once, sent once, and what a crash leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk import mailbox
from desk.mailbox import Answer, Button, Incoming, Learned, LostClaim, Outcome, Turn
from desk.mailbox.turns import OUTAGE_TRIES
from desk.models import Conversation, Counsellor, InformationRequest, Message, Tracker

pytestmark = pytest.mark.django_db

_keys = iter(range(10**9))


def arrives(text: str = "Hello", person: str = "501", **more: Any) -> mailbox.Received:
    more.setdefault("key", f"tg:{next(_keys)}")
    return mailbox.receive(Incoming("telegram", person, text=text, **more))


def taken(worker: str = "w1", **more: Any) -> Turn:
    turn = mailbox.claim_turn(worker, **more)
    assert turn is not None
    return turn


def answered(*texts: str, person: str = "501", buttons: tuple[Button, ...] = ()) -> list[int]:
    arrives(person=person)
    return mailbox.commit_turn(taken(), [Answer(text, buttons) for text in texts])


def sending(sender: str = "s1") -> mailbox.Delivery:
    delivery = mailbox.claim_delivery(sender, "telegram")
    assert delivery is not None
    return delivery


def leases_end() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Conversation.objects.exclude(worker="").update(worker_until=past)
    Conversation.objects.exclude(sender="").update(sender_until=past)


def pauses_end() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Conversation.objects.update(worker_until=past, sender_until=None)


# --- in -----------------------------------------------------------------------------------------


def test_the_same_update_twice_is_one_row() -> None:
    first = arrives(key="tg:7")
    second = arrives(key="tg:7")
    assert (first.is_new, second.is_new) == (True, False)
    assert first.message_id == second.message_id
    assert Message.objects.count() == 1


def test_a_text_is_cut_and_any_character_survives() -> None:
    arrives("x" * 100_000)
    arrives("\0 \ud800 ﷺ 😀")
    kept = list(Message.objects.order_by("id").values_list("text", flat=True))
    assert len(kept[0]) == mailbox.MAX_TEXT
    assert kept[1] == "\0 \ud800 ﷺ 😀"


def test_our_button_says_what_it_stands_for() -> None:
    answered("Which?", buttons=(Button("Yes", "/affirm"), Button("No", "/deny")))
    button = sending().buttons[1][0]
    arrives("", button=button, kind="button")
    turn = taken()
    assert (turn.payload, turn.text, turn.kind) == ("/deny", "No", "button")


@pytest.mark.parametrize(
    "button",
    ["x:0", "?", ":", "a:9", "/affirm", "t" * 16 + ":" + "9" * 5000, "\0:1", "é:1", "a:-1"],
)
def test_a_button_that_is_not_ours_has_expired(button: str) -> None:
    assert arrives("", button=button, kind="button").button_expired
    assert taken().kind == "expired_button"


def test_nobody_presses_somebody_elses_button() -> None:
    answered("Which?", buttons=(Button("Yes", "/affirm"),))
    button = sending().buttons[0][0]
    assert arrives("", person="999", button=button).button_expired


def test_a_counsellors_conversation_is_not_the_assistants() -> None:
    jonas = Counsellor.objects.create(username="jonas")
    conversation = arrives("before").conversation_id
    Conversation.objects.filter(pk=conversation).update(handled_by=jonas)
    mailbox.taken_over(conversation)
    arrives("to Jonas")
    assert mailbox.claim_turn("w") is None
    Conversation.objects.filter(pk=conversation).update(handled_by=None)
    assert mailbox.claim_turn("w") is None, "read by Jonas; the assistant must not answer it now"
    arrives("after")
    assert taken().text == "after"


def test_whoever_writes_has_not_blocked_us() -> None:
    answered("kept")
    mailbox.block("telegram", "501")
    assert mailbox.claim_delivery("s", "telegram") is None
    arrives("I am back")
    assert sending().text == "kept"


# --- turns --------------------------------------------------------------------------------------


def test_one_conversation_one_message_at_a_time_in_order() -> None:
    arrives("one")
    arrives("two")
    first = taken("w1")
    assert first.text == "one"
    assert mailbox.claim_turn("w2") is None
    mailbox.commit_turn(first, [Answer("1")])
    assert taken("w2").text == "two"


def test_different_conversations_beside_each_other() -> None:
    arrives("Amina's", person="1")
    arrives("Bilal's", person="2")
    assert {taken("w1").text, taken("w2").text} == {"Amina's", "Bilal's"}


def test_somebody_with_many_messages_delays_nobody() -> None:
    for number in range(50):
        arrives(f"flood {number}", person="flood")
    mailbox.commit_turn(taken(), [])
    arrives("Amina's", person="501")
    assert taken().text == "Amina's"


def test_a_turn_is_written_whole() -> None:
    arrives("Hello", language_hint="fr")
    ids = mailbox.commit_turn(
        taken(),
        [Answer("one"), Answer("two", (Button("Yes", "/affirm"),), data={"kind": "x"})],
        snapshot={"slots": {}},
        learned=Learned(language="de", host_country="CH"),
    )
    conversation = Conversation.objects.get()
    assert (conversation.language, conversation.host_country) == ("de", "CH")
    assert [Message.objects.get(pk=pk).text for pk in ids] == ["one", "two"]
    assert mailbox.load_tracker(conversation.pk) == {"slots": {}}
    mailbox.save_tracker(conversation.pk, {"slots": {"a": 1}})
    assert mailbox.load_tracker(conversation.pk) == {"slots": {"a": 1}}
    assert Message.objects.get(direction="in").state == "done"


def test_a_worker_that_lost_its_lease_writes_nothing() -> None:
    arrives()
    slow = taken("slow")
    leases_end()
    quick = taken("quick")
    with pytest.raises(LostClaim):
        mailbox.commit_turn(slow, [Answer("late")])
    mailbox.commit_turn(quick, [Answer("in time")])
    with pytest.raises(LostClaim):
        mailbox.commit_turn(slow, [Answer("later still")])
    assert [m.text for m in Message.objects.filter(direction="out")] == ["in time"]


def test_a_fault_while_writing_leaves_the_waiting_message(monkeypatch: pytest.MonkeyPatch) -> None:
    arrives()
    turn = taken()

    def broken(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("desk.mailbox.turns.save_tracker", broken)
        with pytest.raises(RuntimeError):
            mailbox.commit_turn(turn, [Answer("half")], snapshot={})
    assert not Message.objects.filter(direction="out").exists()
    leases_end()
    assert taken().message_id == turn.message_id


def test_a_message_that_raises_is_set_aside_after_three_tries() -> None:
    arrives("poison")
    arrives("next")
    for attempt in (1, 2, 3):
        turn = taken()
        assert (turn.text, turn.attempt, turn.is_suspect) == ("poison", attempt, False)
        assert mailbox.fail_turn(turn, "ValueError") is (attempt == 3)
        if attempt < 3:
            pauses_end()
    mailbox.set_aside(turn, [Answer("Sorry")])
    assert Message.objects.get(pk=turn.message_id).state == "set_aside"
    assert taken().text == "next"
    assert sending().text == "Sorry"


def test_a_conversation_whose_turn_failed_rests_and_nobody_else() -> None:
    arrives("poison", person="1")
    mailbox.fail_turn(taken(), "ValueError")
    mailbox.fail_turn(taken(), "ValueError")
    arrives("healthy", person="2")
    assert taken().text == "healthy"
    assert mailbox.claim_turn("w") is None


def test_an_outage_is_waited_out_for_a_minute_and_twenty_tries() -> None:
    """However old a message is: after a night of waiting it is not the first to be given up."""
    message = arrives()

    def written(ago: timedelta) -> None:
        Message.objects.filter(pk=message.message_id).update(created_at=timezone.now() - ago)

    written(timedelta(hours=10))
    for _ in range(OUTAGE_TRIES - 1):
        assert not mailbox.fail_turn(taken(), "ClientConnectorError", not_its_fault=True)
        pauses_end()
    written(timedelta(seconds=30))
    assert not mailbox.fail_turn(taken(), "ClientConnectorError", not_its_fault=True)
    pauses_end()
    written(timedelta(minutes=2))
    assert mailbox.fail_turn(taken(), "ClientConnectorError", not_its_fault=True)


def test_a_message_that_kills_the_process_is_set_aside() -> None:
    arrives("killer")
    for crash in range(mailbox.TURN_CRASHES):
        turn = taken()
        assert (turn.is_suspect, turn.is_poison) == (crash > 0, False)
        leases_end()
    assert mailbox.claim_turn("w", suspects=False) is None
    assert taken().is_poison


def test_tries_while_something_else_was_down_are_no_crashes() -> None:
    """A restart of the action server and then one of the bot must not set a message aside."""
    arrives()
    for _ in range(mailbox.TURN_CRASHES + 2):
        mailbox.fail_turn(taken(), "ClientConnectorError", not_its_fault=True)
        pauses_end()
    taken()
    leases_end()
    turn = taken()
    assert (turn.is_suspect, turn.is_poison) == (True, False)


def test_an_operators_kill_is_no_crash_of_a_message_that_failed_before() -> None:
    arrives()
    mailbox.fail_turn(taken(), "ValueError")
    turn = mailbox.claim_turn("w", suspects=False)
    assert turn is not None
    assert not turn.is_suspect


def test_a_dead_process_holds_nothing() -> None:
    arrives()
    taken("host:17:1")
    assert mailbox.free_leases_of(lambda owner: False) == 0
    assert mailbox.free_leases_of(lambda owner: owner.startswith("host:17:")) == 1
    assert taken("host:18:1").is_suspect


# --- out ----------------------------------------------------------------------------------------


@pytest.fixture
def three_rows() -> None:
    answered("one", "two", "three")


@pytest.mark.usefixtures("three_rows")
def test_rows_go_out_in_order_by_one_sender() -> None:
    delivery = sending("s1")
    said = []
    while delivery is not None:
        assert mailbox.claim_delivery("s2", "telegram") is None
        said.append(delivery.text)
        mailbox.settle(delivery, Outcome.SENT, external_id="9")
        delivery = mailbox.next_delivery("s1", delivery.conversation_id)  # type: ignore[assignment]
    assert said == ["one", "two", "three"]
    assert (mailbox.backlog()["out"], mailbox.sending()) == (0, 0)


@pytest.mark.usefixtures("three_rows")
def test_a_failed_row_stays_first_and_the_conversation_rests() -> None:
    delivery = sending()
    mailbox.settle(delivery, Outcome.RETRY, error="5xx")
    assert mailbox.claim_delivery("s2", "telegram") is None
    pauses_end()
    again = sending("s2")
    assert (again.text, again.attempt) == ("one", 2)


@pytest.mark.usefixtures("three_rows")
def test_what_was_being_sent_at_a_crash_is_marked_and_not_sent_again() -> None:
    interrupted = sending("dead")
    leases_end()
    assert sending("s2").text == "two"
    row = Message.objects.get(pk=interrupted.message_id)
    assert (row.state, row.error) == ("unknown", "interrupted")


def test_the_last_row_of_a_dead_sender_is_marked_too() -> None:
    answered("only")
    sending("dead:1:1")
    assert mailbox.mark_abandoned() == 0
    mailbox.free_leases_of(lambda owner: owner == "dead:1:1")
    assert Message.objects.get(direction="out").state == "unknown"
    assert Conversation.objects.get().sender == ""


def test_what_a_dead_sender_had_not_begun_waits_again() -> None:
    (row,) = answered("only")
    sending("dead:1:1")
    asked = []

    def had_begun(*about: object) -> bool:
        asked.append(about)
        return False

    mailbox.free_leases_of(lambda _: True, had_begun)
    assert asked == [("dead:1:1", row, 1, 0)]
    assert sending().text == "only"


@pytest.mark.usefixtures("three_rows")
def test_blocked_keeps_everything_in_order() -> None:
    mailbox.settle(sending(), Outcome.BLOCKED)
    assert mailbox.claim_delivery("s", "telegram") is None
    mailbox.unblock("telegram", "501")
    assert sending().text == "one"


@pytest.mark.parametrize(
    ("outcome", "state"), [(Outcome.UNKNOWN, "unknown"), (Outcome.REFUSED, "failed")]
)
@pytest.mark.usefixtures("three_rows")
def test_the_next_row_follows_what_will_not_be_sent_again(outcome: Outcome, state: str) -> None:
    delivery = sending()
    mailbox.settle(delivery, outcome, error="code")
    assert Message.objects.get(pk=delivery.message_id).state == state
    following = mailbox.next_delivery("s1", delivery.conversation_id)
    assert following is not None
    assert following.text == "two"


@pytest.mark.usefixtures("three_rows")
def test_a_row_is_given_up_after_a_day_of_trying_not_of_waiting() -> None:
    Message.objects.update(created_at=timezone.now() - timedelta(days=30))
    mailbox.settle(sending(), Outcome.RETRY, error="5xx")
    pauses_end()
    assert sending().text == "one", "kept while blocked: its first real try failed, that is all"
    Message.objects.filter(direction="out").update(attempts=300)
    mailbox.settle(mailbox_delivery_again(), Outcome.RETRY, error="5xx")
    assert Message.objects.filter(state="failed").count() == 1


def mailbox_delivery_again() -> mailbox.Delivery:
    Message.objects.filter(state="sending").update(state="waiting")
    pauses_end()
    Conversation.objects.update(sender="")
    return sending()


def test_pauses_grow_to_five_minutes() -> None:
    pauses = [mailbox.pause_before_retry(n).total_seconds() for n in (1, 2, 3, 4, 9, 10, 500)]
    assert pauses == [1, 2, 4, 8, 256, 300, 300]


@pytest.mark.usefixtures("three_rows")
def test_a_long_text_goes_on_where_it_stopped() -> None:
    delivery = sending()
    mailbox.record_part(delivery, 2)
    mailbox.settle(delivery, Outcome.RETRY)
    pauses_end()
    assert sending().parts_sent == 2


def long_text_and_one_more() -> list[int]:
    return answered("Long. " * 2000, "after it")


def row_of(delivery: mailbox.Delivery) -> tuple[str, str]:
    row = Message.objects.get(pk=delivery.message_id)
    return row.state, row.error


def test_a_part_in_doubt_is_remembered_by_the_next_attempt() -> None:
    long_text_and_one_more()
    delivery = sending()
    mailbox.record_part(delivery, 1, doubt="ReadTimeout")
    mailbox.record_part(delivery, 2)
    mailbox.settle(delivery, Outcome.RETRY)
    pauses_end()
    again = sending()
    assert (again.parts_sent, again.doubt) == (2, "ReadTimeout")


def test_a_part_that_arrived_keeps_the_conversation_for_the_next() -> None:
    long_text_and_one_more()
    delivery = sending()
    leases_end()
    mailbox.record_part(delivery, 1)
    assert mailbox.mark_abandoned() == 0
    assert mailbox.claim_delivery("s2", "telegram") is None


def test_who_lost_the_lease_writes_nothing_about_parts() -> None:
    long_text_and_one_more()
    delivery = sending()
    leases_end()
    again = sending("s2")
    with pytest.raises(LostClaim):
        mailbox.record_part(delivery, 1)
    with pytest.raises(LostClaim):
        mailbox.record_twice(delivery, "502")
    assert (again.message_id, again.parts_sent) == (delivery.message_id, 1)


@pytest.mark.parametrize("found_by", ["the next sender", "who looks for what was abandoned"])
def test_a_long_text_goes_on_behind_the_part_at_which_its_sender_died(found_by: str) -> None:
    long_text_and_one_more()
    delivery = sending("dead:1:1")
    mailbox.record_part(delivery, 1)
    if found_by == "the next sender":
        leases_end()
    else:
        assert mailbox.free_leases_of(lambda _: True) == 1
        pauses_end()
    again = sending("s2")
    assert again.message_id == delivery.message_id, "first in line, as before"
    assert (again.parts_sent, again.doubt, again.attempt) == (2, "interrupted", 2)


@pytest.mark.usefixtures("three_rows")
def test_what_was_surely_not_sent_waits_again_also_when_it_is_written_late() -> None:
    delivery = sending("dead:1:1")
    leases_end()
    assert mailbox.mark_abandoned() == 1
    assert row_of(delivery) == ("unknown", "interrupted")
    mailbox.settle(delivery, Outcome.RETRY, error="429")
    assert row_of(delivery) == ("waiting", "429")
    pauses_end()
    assert sending("s2").text == "one"


@pytest.mark.usefixtures("three_rows")
def test_what_was_sent_again_meanwhile_is_not_sent_a_third_time() -> None:
    delivery = sending("dead:1:1")
    leases_end()
    mailbox.mark_abandoned()
    other = Message.objects.filter(direction="out").last()
    Message.objects.filter(pk=delivery.message_id).update(resent_as=other)
    mailbox.settle(delivery, Outcome.RETRY, error="429")
    assert row_of(delivery) == ("unknown", "interrupted")


@pytest.mark.usefixtures("three_rows")
def test_an_attempt_of_before_does_not_settle_the_one_that_is_made_now() -> None:
    before = sending()
    mailbox.settle(before, Outcome.RETRY, error="429")
    pauses_end()
    sending("s2")
    mailbox.settle(before, Outcome.RETRY, error="429")
    assert row_of(before)[0] == "sending"


def test_what_perhaps_arrived_before_says_so_at_the_next_attempt() -> None:
    answered("one")
    delivery = sending()
    mailbox.record_twice(delivery, "502")
    mailbox.settle(delivery, Outcome.RETRY, error="502")
    pauses_end()
    again = sending()
    assert again.twice == "502"
    mailbox.settle(again, Outcome.SENT, error="perhaps twice (502)")
    assert row_of(again) == ("sent", "perhaps twice (502)")


# --- erasing ------------------------------------------------------------------------------------


def erase_in_turn() -> str:
    from desk import requests

    arrives("delete my data")
    turn = taken()
    requests.erase(turn.conversation_id)
    mailbox.commit_turn(
        turn, [Answer("All erased")], snapshot={"x": 1}, learned=Learned("fr", "CH")
    )
    return turn.conversation_id


def test_an_erased_conversation_is_gone_once_its_confirmation_arrived() -> None:
    erase_in_turn()
    assert not Tracker.objects.exists()
    assert Conversation.objects.get().host_country == ""
    delivery = sending()
    assert delivery.text == "All erased"
    mailbox.settle(delivery, Outcome.SENT)
    assert mailbox.next_delivery("s1", delivery.conversation_id) is None
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()


def test_who_writes_again_begins_anew_and_keeps_what_they_ask() -> None:
    conversation = erase_in_turn()
    arrives("and one more question")
    turn = taken()
    InformationRequest.objects.create(
        origin_key="k",
        reference="ABC-123",
        conversation_id=conversation,
        promised_on=timezone.now().date(),
    )
    mailbox.commit_turn(turn, [Answer("Noted")], snapshot={"x": 1})
    for _ in range(2):
        delivery = sending(f"s{_}")
        mailbox.settle(delivery, Outcome.SENT)
        mailbox.release_delivery(delivery.sender, conversation)
    assert mailbox.claim_delivery("s", "telegram") is None
    assert InformationRequest.objects.exists()
    assert mailbox.load_tracker(conversation) == {"x": 1}


def test_an_erasure_that_crashed_before_its_end_is_still_one() -> None:
    from desk import requests

    arrives("delete my data")
    turn = taken()
    requests.erase(turn.conversation_id)
    leases_end()
    mailbox.commit_turn(taken("w2"), [Answer("All erased")], snapshot={"x": 1})
    assert not Tracker.objects.exists()
