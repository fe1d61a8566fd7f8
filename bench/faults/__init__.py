"""``make faults``: processes are killed at random moments under load, and every message is counted.

``docs/mailbox.md`` has the figures of the last long run.
"""
