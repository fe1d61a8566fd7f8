"""What must stay in step: domain, texts, languages, figures, training examples."""
