"""The statements that run for every message, as SQL that SQLite and PostgreSQL both understand.

Written out for two reasons. The index of waiting rows is partial, and SQLite uses it only when the
condition stands literally in the statement, which Django's parameters prevent. And building a
query costs Django more than running it: by this a message costs a third of what it did.

Column names are those of ``desk.models.mailbox``; ``tests/desk/test_mailbox.py`` runs all of them.
``desk.mailbox.database`` runs them.
"""

from __future__ import annotations

_WAITING = """
WITH RECURSIVE waiting(id) AS (
    SELECT MIN(conversation_id) FROM desk_message WHERE state = 'waiting' AND direction = '{way}'
    UNION ALL
    SELECT (SELECT MIN(conversation_id) FROM desk_message
            WHERE state = 'waiting' AND direction = '{way}' AND conversation_id > waiting.id)
    FROM waiting WHERE waiting.id IS NOT NULL
)
"""
"""Each conversation with a waiting row, once: as many steps in the index as conversations. Looking
at every row took 6 ms a claim when fifty people had sent two hundred messages each; this, 0.2."""
_FIRST = """
FROM waiting JOIN desk_conversation c ON c.id = waiting.id
JOIN desk_message m ON m.id = (
    SELECT MIN(id) FROM desk_message
    WHERE state = 'waiting' AND direction = '{way}' AND conversation_id = c.id {due})
"""

NEXT_TURN = (
    _WAITING.replace("{way}", "in")
    + """
SELECT m.id, m.kind, m.text, m.payload, m.attempts, m.attempts > 0 AND m.error = '', m.crashes,
       m.surplus, c.worker_until > %s,
       c.id, c.channel, c.address, c.language, c.language_hint, c.erase_asked_at IS NOT NULL,
       m.external_id
"""
    + _FIRST.replace("{way}", "in").replace("{due}", "")
    + """
WHERE (c.handled_by_id IS NULL OR m.kind IN ('command', 'for_assistant'))
      AND (c.worker_until IS NULL OR c.worker_until <= %s) {but}
ORDER BY c.worker_until ASC NULLS FIRST, m.id LIMIT 1 {lock}
"""
)
IN_CONVERSATION = "AND c.id = %s"
NO_SUSPECTS = """
AND NOT EXISTS (
    SELECT 1 FROM desk_message s
    WHERE s.conversation_id = m.conversation_id AND s.state = 'waiting' AND s.direction = 'in'
          AND s.attempts > 0 AND s.error = '')
"""
ONLY_CALM = "AND NOT m.surplus AND (c.worker_until IS NULL OR c.worker_until <= %s)"
HOLD_FOR_TURN = """
UPDATE desk_conversation SET worker = %s, worker_until = %s
WHERE id = %s AND (handled_by_id IS NULL OR %s IN ('command', 'for_assistant'))
      AND (worker_until IS NULL OR worker_until <= %s)
"""
# A turn that fails leaves its error; a tried message without one was in hand at a crash.
COUNT_TRY = """
UPDATE desk_message
SET crashes = crashes + CASE WHEN attempts > 0 AND error = '' THEN 1 ELSE 0 END,
    attempts = attempts + 1, error = ''
WHERE id = %s
"""
# The bare column: "RETURNING x IS NOT NULL" is wrong in SQLite 3.40, which then looks at the
# constraint of another column.
END_TURN = """
UPDATE desk_conversation
SET worker = '', worker_until = %s, language = COALESCE(%s, language),
    host_country = CASE WHEN erase_asked_at IS NULL THEN COALESCE(%s, host_country) ELSE '' END,
    country = CASE WHEN erase_asked_at IS NULL THEN COALESCE(%s, country) ELSE '' END,
    topic = CASE WHEN erase_asked_at IS NULL THEN COALESCE(%s, topic) ELSE '' END
WHERE id = %s AND worker = %s
RETURNING erase_asked_at
"""

DONE = "UPDATE desk_message SET state = 'done', settled_at = %s {also} WHERE id = %s"
WITHOUT_PAYLOAD = ", payload = NULL"
WITHOUT_WORDS = ", text = '', payload = NULL"
READ_MEMORY = "SELECT snapshot FROM desk_tracker WHERE conversation_id = %s"
KEEP_MEMORY = """
INSERT INTO desk_tracker (conversation_id, snapshot, changed_at) VALUES (%s, %s, %s)
ON CONFLICT (conversation_id)
DO UPDATE SET snapshot = excluded.snapshot, changed_at = excluded.changed_at
"""
CONTACT = "SELECT id, handled_by_id FROM desk_conversation WHERE address_hash = %s {lock}"
ADD_MESSAGE = """
INSERT INTO desk_message (
    key, conversation_id, direction, author, kind, text, payload, language, state, surplus,
    answers_to_id, external_id, settled_at, token, created_at, attempts, crashes, error
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, '')
ON CONFLICT (key) DO NOTHING RETURNING id
"""
KNOWN = "SELECT id, conversation_id, text FROM desk_message WHERE key = %s"
# Whoever writes has not blocked us, and is not writing any more.
HEARD_OF = """
UPDATE desk_conversation
SET last_message_at = %s, language_hint = COALESCE(%s, language_hint), blocked_at = NULL,
    person_typing_at = NULL
WHERE id = %s
"""

_DUE = "AND (send_after IS NULL OR send_after <= %s)"
_DELIVERY = """
SELECT m.id, m.kind, m.text, m.payload, m.attempts, m.token,
       c.id, c.channel, c.address, c.language, c.sender
"""
NEXT_CONVERSATION = (
    _WAITING.replace("{way}", "out")
    + _DELIVERY
    + _FIRST.replace("{way}", "out").replace("{due}", _DUE)
    + """
WHERE c.blocked_at IS NULL AND c.channel = %s
      AND (c.sender_until IS NULL OR c.sender_until <= %s) {but}
ORDER BY c.sender_until ASC NULLS FIRST, m.id LIMIT 1 {lock}
"""
)
NEXT_ROW = (
    _DELIVERY
    + """
FROM desk_message m JOIN desk_conversation c ON c.id = m.conversation_id
WHERE m.state = 'waiting' AND m.direction = 'out' AND c.blocked_at IS NULL
      AND (m.send_after IS NULL OR m.send_after <= %s) AND c.id = %s AND c.sender = %s
ORDER BY m.id LIMIT 1 {lock}
"""
)
HOLD_FOR_DELIVERY = """
UPDATE desk_conversation SET sender = %s, sender_until = %s
WHERE id = %s AND (sender_until IS NULL OR sender_until <= %s)
"""
WROTE_FAST = """
SELECT nth.created_at > %s FROM (
    SELECT created_at FROM desk_message WHERE conversation_id = %s AND direction = 'in'
    ORDER BY id DESC LIMIT 1 OFFSET %s) nth
"""
HOLD_ON = "UPDATE desk_conversation SET sender_until = %s WHERE id = %s AND sender = %s"
SENT = """
UPDATE desk_message SET state = 'sent', external_id = %s, error = %s, settled_at = %s
WHERE id = %s
"""
LET_GO = """
UPDATE desk_conversation SET sender = '', sender_until = %s WHERE id = %s AND sender = %s
RETURNING erase_asked_at
"""
# The state again: a counsellor may have taken the row back since it was found.
BEGIN_SENDING = """
UPDATE desk_message SET state = 'sending', attempts = attempts + 1
WHERE id = %s AND state = 'waiting'
"""

# Django can't say "add to what stands there" for a row that may not stand there yet.
COUNT_ONE = """
INSERT INTO desk_dailycount (day, kind, name, language, host_country, number)
VALUES (%s, %s, %s, %s, %s, 1)
ON CONFLICT (day, kind, name, language, host_country)
DO UPDATE SET number = desk_dailycount.number + 1
"""

BACKLOG = """
SELECT m.direction, COUNT(*), MIN(m.created_at)
FROM desk_message m JOIN desk_conversation c ON c.id = m.conversation_id
WHERE m.state = 'waiting' AND (
    (m.direction = 'in' AND (c.handled_by_id IS NULL OR m.kind IN ('command', 'for_assistant')))
    OR (m.direction = 'out' AND c.blocked_at IS NULL AND c.channel <> 'web'))
GROUP BY m.direction
UNION ALL
SELECT 'in' AS direction, COUNT(*), MIN(received_at) FROM desk_unreadupdate GROUP BY 1
"""

LOCK_CONVERSATION = "SELECT 1 FROM desk_conversation WHERE id = %s FOR UPDATE"
