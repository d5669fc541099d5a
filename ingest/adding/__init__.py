"""Adding a document: its metadata guessed and asked for, what was recognised in it, and tables to judge it with."""
