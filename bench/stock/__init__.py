"""Stock Rasa, made from our own examples, to be measured beside us in the same run."""
