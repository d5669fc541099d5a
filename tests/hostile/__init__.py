"""What a stranger with bad intentions sends, to every address there is."""
