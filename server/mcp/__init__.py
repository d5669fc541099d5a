"""A server for language models (Model Context Protocol): the same data as the pages, as tools that a model calls.

`answers` has the tools, `protocol` serves them by the official SDK: at ``/mcp`` where a setting says so, and over
standard input and output for a client on the same machine. Nothing here is imported where neither is asked for.
"""
