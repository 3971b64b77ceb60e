"""Rules about the words of sentences: numbers that are typed or told vaguely, punctuation."""
