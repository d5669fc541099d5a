"""The server: a published snapshot in, answers out. It never writes, and knows nothing of `ingest`."""
