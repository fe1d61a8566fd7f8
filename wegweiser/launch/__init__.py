"""How Wegweiser starts on one machine: prepare, then bot, actions and desk side by side."""
