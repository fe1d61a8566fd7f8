"""Understanding: language, sentence vectors, names and intent, as components of Rasa's graph."""
