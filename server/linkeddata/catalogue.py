"""What tells programs and crawlers what there is: VoID's well-known address, the JSON-LD context, dumps, `robots.txt`
and `llms.txt`."""

from __future__ import annotations

import json
import re
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from ontology.namespaces import MEDIA_TYPES
from server.linkeddata.formats import JSON_LD, NEGOTIATED
from server.linkeddata.jsonld import read_context
from server.web.errors import NotFound
from server.web.exchange import Here
from server.web.files import FileResponse
from server.web.responses import TEXT, Answer, redirect, respond

DumpName = Annotated[str, Path(description="Name of a file, such as palermo.nq.")]
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FILTERED = ("crossref?", "crossref.", "recommendations?", "recommendations.")
_COMPUTING = ("sparql", "editor", "search", "queries/", *_FILTERED, "cite/", "v/", "metrics", "health/")


def add_routes(router: APIRouter) -> None:
    """Adds the addresses of this module."""
    for path, handler, summary in (
        ("/.well-known/void", void, "Where the description of the data set is"),
        ("/context.jsonld", context, "The JSON-LD context"),
        ("/robots.txt", robots, "What crawlers may read"),
        ("/llms.txt", llms, "What language models should know"),
        ("/dumps/{name}", dump, "A file for download"),
        ("/versions", versions, "All versions that are still served"),
    ):
        router.get(path, response_model=None, summary=summary, tags=["catalogue"])(handler)


async def void(request: Request, exchange: Here) -> Response:
    """Sends to the description of the data set (VoID §7.2)."""
    return respond(request, redirect(303, exchange.urls.path("dataset")))


async def context(request: Request, exchange: Here) -> Response:
    """The JSON-LD context of this build, with absolute namespaces."""
    document = read_context(exchange.snapshot.base).document
    body = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    return respond(request, Answer(body, JSON_LD.content_type))


async def dump(name: DumpName, exchange: Here) -> Response:
    """A dump, made at build time; its tag is its checksum."""
    listed = exchange.snapshot.manifest["files"].get(f"dumps/{name}")
    if listed is None or not _FILE_NAME.fullmatch(name):
        raise NotFound("There is no such file; /dataset lists all of them.")
    path = exchange.snapshot.dumps_path / name
    if not path.is_file():
        raise NotFound("This server holds no downloads; they are beside the snapshot that it was copied from.")
    suffix = "." + name.rpartition(".")[2]
    media_type = MEDIA_TYPES.get(suffix, "text/plain")
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    return FileResponse(path, media_type, listed["bytes"], listed["sha256"], exchange)


async def versions(request: Request, exchange: Here) -> Response:
    """All versions, newest first, with where their data are described and downloaded."""
    urls, snapshots = exchange.urls, exchange.services.snapshots
    listed = [
        {"version": version, "dataset": urls.absolute(urls.version(version, "dataset"))}
        for version in snapshots.versions()
    ]
    body = json.dumps({"current": snapshots.current.version, "versions": listed}, indent=1).encode() + b"\n"
    return respond(request, Answer(body, "application/json"))


async def robots(request: Request, exchange: Here) -> Response:
    """Lets crawlers read documents and keeps them from whatever computes."""
    urls = exchange.urls
    refused = "".join(f"Disallow: {urls.home()}{path}\n" for path in _COMPUTING)
    sitemap_at = urls.absolute(urls.path("sitemap.xml"))
    return respond(request, Answer(f"User-agent: *\n{refused}\nSitemap: {sitemap_at}\n".encode(), TEXT))


async def llms(request: Request, exchange: Here) -> Response:
    """What the data are, how addresses are made, what to ask and how to cite."""
    urls, catalogue = exchange.urls, exchange.services.catalogue
    base = exchange.snapshot.base.iri
    questions = catalogue.folder("questions")[:10]
    lines = [
        "# Palermo",
        "",
        "> Linked data for the soft law of the Palermo Convention: the recommendations of the Working Group on the",
        "> Smuggling of Migrants with their directives, citations, actors and themes, and the articles they rest on.",
        "",
        f"Version {exchange.snapshot.version}. Quote the words of a paragraph and cite its address, never a summary.",
        "What a text says (cites) and what an editor judged (relatesTo, themes) are kept apart: say which you use.",
        "",
        "## Addresses",
        "",
        f"- [A recommendation]({base}id/document/som-wg-2015/paragraph/24): its number is the last part.",
        f"- [Its exact words]({base}doc/document/som-wg-2015/paragraph/24.txt)",
        f"- [An article]({base}id/instrument/smuggling-protocol/article/16)",
        f"- [The vocabulary]({base}ontology) and [the data set]({base}dataset)",
        f"- Formats of every document: {', '.join(known.suffix for known in NEGOTIATED)}, or by Accept.",
        f"- [SPARQL]({urls.absolute(urls.sparql())}): GET ?query=… answers JSON; the default graph is the union.",
        "",
        "## Questions worth asking",
        "",
        *(f"- [{query.title}]({base}queries/{query.name}): {query.question}" for query in questions),
        "",
    ]
    return respond(request, Answer("\n".join(lines).encode(), TEXT))
