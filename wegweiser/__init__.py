"""What every part of Wegweiser shares: settings, texts, working days, and how it starts."""
