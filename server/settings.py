"""Settings: everything an operator can choose, in one place, read from the environment (``PALERMO_…``) once.

`palermo serve --help` prints `describe_settings`; the README points there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ontology.layout import ROOT, home_of
from ontology.namespaces import DEFAULT_BASE, Base

PREFIX = "PALERMO_"
_OF_COMMANDS = ("PALERMO_STORE_USER", "PALERMO_STORE_PASSWORD", "PALERMO_VOCABULARY", "PALERMO_CONTACT")
"""Variables of commands that are no setting of the server."""

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Size = Annotated[int, Field(ge=1, le=2**50)]


class Settings(BaseSettings):
    """The settings of one server. Frozen; an unknown value or a value out of range is refused at the start."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    base: str = Field(
        default=DEFAULT_BASE, description="Base IRI of the build to serve; it decides which snapshot is opened."
    )
    snapshots: Path = Field(default=ROOT / "var" / "snapshots", description="Folder with the published snapshots.")
    snapshot: Path | None = Field(default=None, description="Serve exactly this snapshot folder, whatever is current.")
    host: str = Field(default="127.0.0.1", pattern=r"^\S+$", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    trusted_proxies: str = Field(
        default="127.0.0.1", description="Proxies whose X-Forwarded-For is believed, by address."
    )
    store: str = Field(default="", description="URL of a SPARQL endpoint to use instead of the snapshot's own store.")
    store_connections: Count = Field(default=32, description="Requests to that store at once, for pages.")
    store_seconds: Seconds = Field(default=10.0, description="How long a page waits for that store.")
    corrections: str = Field(
        default="",
        description="Where readers send the correction of a judgement, with its row filled in: a mail address, a URL "
        "with {title} and {body} in it, or download. Without it pages say in which table the row is.",
    )
    citation_style: Literal["note", "oscola", "bluebook", "chicago"] = Field(
        default="note",
        description="The style of citations, unless a reader chooses another: note, as United Nations documents are "
        "cited, oscola, bluebook or chicago.",
    )
    connections: Annotated[int, Field(ge=0, le=2**31)] = Field(
        default=0, description="Connections held at once; 0 for as many as the limit of descriptors leaves room for."
    )
    client_connections: Count = Field(
        default=256, description="Connections of one address, unless it is a trusted proxy."
    )
    idle_seconds: Count = Field(default=20, description="How long a connection may be silent between two requests.")
    request_seconds: Seconds = Field(default=30.0, description="How long a request, head and body, may take to come.")
    unread_seconds: Seconds = Field(
        default=30.0, description="How long a response may wait for its reader without any progress."
    )
    unread_bytes: Size = Field(
        default=64_000_000, description="Large responses in memory that are being sent, in all; files are not counted."
    )
    client_unread_bytes: Size = Field(
        default=32_000_000, description="Large responses in memory that are being sent to one address."
    )
    page_places: Count = Field(
        default=2, description="Pages made at once, at most half of them for one client; those that wait take turns."
    )
    page_seconds: Seconds = Field(
        default=20.0,
        description="How long a page may take with its wait for a turn: only a crowd, or a disk or a store that does "
        "not answer, makes it so long.",
    )
    stop_seconds: Count = Field(default=10, description="How long running requests may go on after a stop signal.")

    snapshot_poll_seconds: Seconds = Field(default=2.0, description="How often to look for a newly published snapshot.")
    memory_triples: Annotated[int, Field(ge=0, le=2**50)] = Field(
        default=500_000,
        description="A snapshot with at most so many triples is held in memory, for pages and query workers.",
    )
    snapshots_open: Count = Field(default=4, description="How many older snapshots to keep open at once.")

    client_queries: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=4,
        description="Running, uncached queries one client may have at once, at most half of the slow places among "
        "them; one more waits for one of its own to end, and gets 429 when none does; 0 for no limit.",
    )
    query_cache_bytes: Size = Field(default=32_000_000, description="Memory for results of visitors' queries.")
    query_deadline_seconds: Seconds = Field(default=10.0, description="A visitor's query is ended after this time.")
    query_memory_bytes: Size = Field(default=800_000_000, description="Memory ceiling of a worker process (Linux).")
    query_nesting: Count = Field(default=100, description="How deep brackets may nest in a query.")
    query_slow_after_seconds: Seconds = Field(default=0.5, description="A query that runs longer needs a slow place.")
    query_slow_places: Count = Field(default=2, description="How many slow queries may run at once.")
    query_text_bytes: Size = Field(default=1_000_000, description="Size limit of a query text.")
    query_workers: Count = Field(default=4, description="How many worker processes run visitors' queries.")
    result_bytes: Size = Field(default=20_000_000, description="Size limit of a query's result.")
    result_rows: Size = Field(
        default=100_000, description="Row limit of a query's result; more is an error, never a cut."
    )
    table_rows: Size = Field(default=1_000, description="Rows shown in an HTML table, which may be cut and says so.")

    mcp: bool = Field(
        default=False, description="Answers language models at /mcp (Model Context Protocol, streamable HTTP)."
    )

    page_cache_bytes: Size = Field(default=64_000_000, description="Memory for finished pages and documents.")
    request_bytes: Size = Field(
        default=4_000_000, description="Size limit of a request body: a query as a form is up to three times as long."
    )
    target_bytes: Size = Field(default=32_768, description="Length limit of a path with its query string.")

    access_log: Literal["computed", "all", "off"] = Field(
        default="computed", description="Requests to log: those that had to be computed, all, or none."
    )
    log_format: Literal["json", "text"] = Field(
        default="json", description="Log lines as JSON objects or as plain text."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level to log.")

    @field_validator("snapshots", "snapshot", mode="before")
    @classmethod
    def _is_named(cls, value: object) -> object:
        if isinstance(value, str) and not value.strip():
            raise ValueError("A folder has a name; leave the variable away for the usual one.")
        return value

    @field_validator("store")
    @classmethod
    def _is_endpoint(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("The store is the http or https URL of a SPARQL endpoint.")
        return value

    @field_validator("corrections")
    @classmethod
    def _takes_a_row(cls, value: str) -> str:
        is_url = value.startswith(("http://", "https://")) and "{body}" in value
        if value and value != "download" and not is_url and not re.fullmatch(r"[^@\s?&]+@[^@\s?&]+", value):
            raise ValueError("Corrections go to a mail address, to a URL with {title} and {body}, or to download.")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for address in filter(None, (part.strip() for part in value.split(","))):
            if address != "*":
                ip_network(address, strict=False)
        return value

    @field_validator("base")
    @classmethod
    def _is_base(cls, value: str) -> str:
        return Base(value).iri

    @property
    def folder(self) -> Path:
        """The folder with all versions for this base and the link ``current``."""
        return home_of(self.snapshots, Base(self.base))


class SettingError(ValueError):
    """A setting has a value that is not allowed. The message is for an operator."""


def settings_of_environment() -> Settings:
    """The settings in the environment. Raises `SettingError` with a sentence for each value that is wrong."""
    try:
        return Settings()
    except ValidationError as wrong:
        sentences = [
            f"{PREFIX}{str(error['loc'][0]).upper()}={error['input']}: {error['msg'].removeprefix('Value error, ')}"
            for error in wrong.errors()
        ]
        raise SettingError(". ".join(sentence.rstrip(".") for sentence in sentences) + ".") from wrong


def check_environment(environment: Mapping[str, str]) -> None:
    """Raises `SettingError` for a variable that is no setting, or has a value that it cannot have."""
    for sentence in misspelt_variables(environment):
        raise SettingError(sentence)
    settings_of_environment()


def misspelt_variables(environment: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each variable that begins as ours do and is none, with the name that was meant."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | set(_OF_COMMANDS)
    unknown = sorted(name for name in environment if name.upper().startswith(PREFIX) and name not in known)
    nearest = {name: get_close_matches(name.upper(), sorted(known), 1) for name in unknown}
    return tuple(
        f"{name} is no setting." + (f" Did you mean {near[0]}?" if near else " 'palermo settings' lists them all.")
        for name, near in nearest.items()
    )


def describe_settings() -> tuple[tuple[str, str, str], ...]:
    """Name in the environment, default and description of every setting, in order."""
    return tuple(
        (PREFIX + name.upper(), _shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    )


def _shown(value: Any) -> str:
    if isinstance(value, Path):
        return str(value.relative_to(ROOT))
    return "(none)" if value in ("", None) else str(value)
