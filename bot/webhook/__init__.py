"""Telegram's webhook, a small process of its own: it stores updates and acknowledges them.

It knows no Rasa and no Django, so it starts in a second, takes little memory, and answers while the
bot is busy, restarts or is trained anew. What the updates mean is the bot's business
(``bot.channels.telegram_unread``). ``docs/mailbox.md`` says what happens when either of them dies.
"""
