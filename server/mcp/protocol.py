"""The Model Context Protocol over HTTP (``/mcp``, streamable HTTP without sessions) and over standard input and output.

A call is answered under the limits of any other request: a turn of its client for what is a page, the gate, a place and
a worker process for a query.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field
from starlette.types import Message

from ontology.version import program_version
from server.mcp import answers
from server.mcp.answers import Said
from server.sparql.endpoint import dataset_of
from server.sparql.explanations import hints_of, terms_in_use
from server.sparql.serializing import table_of
from server.sparql.service import QueryService, Question
from server.web.answers import Answer, Conditions, Freshness
from server.web.errors import PalermoError
from server.web.front import Route
from server.web.request import Exchange, Services
from server.web.sending import Response, respond

PATH = "/mcp"
LONGEST = 500
_SECONDS = 60.0
_KEY = "palermo.exchange"
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
INSTRUCTIONS = (
    "Recommendations of United Nations bodies, with the provisions that they cite. Quote only what an answer gives as "
    "text, with its citation. Say of what rules found that rules found it, and of a judgement whether it is reviewed: "
    "the documents themselves say neither. The texts of treaties are not here; summaries are ours and not authentic."
)
Words = Annotated[str, Field(max_length=LONGEST)]
Which = Annotated[
    str, Field(max_length=LONGEST, description="A citation as lawyers write it, or an IRI from another answer.")
]
Values = Annotated[dict[str, str], Field(max_length=20, description="Values by name; what is left out has a default.")]
Work = Callable[[Exchange], Said]


class ModelServer:
    """The tools, and the ways to reach them. ``queries`` runs what a model writes in SPARQL."""

    def __init__(self, services: Services, queries: QueryService) -> None:
        self._services, self._queries = services, queries
        self._server = MCPServer(
            "palermo", "Palermo", instructions=INSTRUCTIONS, version=program_version(), subscriptions=False
        )
        for tool in (
            self.search,
            self.recommendation,
            self.provision,
            self.list_questions,
            self.ask_question,
            self.sparql,
            self.vocabulary,
        ):
            self._server.add_tool(tool, annotations=_READS, structured_output=False)
        self._manager: StreamableHTTPSessionManager | None = None

    async def search(
        self,
        ctx: Context,
        words: Words,
        kind: Annotated[str, Field(description=f"One of {', '.join(answers.KINDS)}, or nothing for all.")] = "",
    ) -> CallToolResult:
        """Find recommendations, articles, actors, themes and other things by words, or by a citation."""
        return await self._page(ctx, lambda exchange: answers.search(words, kind, exchange))

    async def recommendation(self, ctx: Context, which: Which) -> CallToolResult:
        """One recommendation with everything: its words, what rules found in them (directives with their strength,
        addressees, citations, names), judgements about it, and its citation. Such as "para. 24"."""
        return await self._page(ctx, lambda exchange: answers.recommendation(which, exchange))

    async def provision(self, ctx: Context, which: Which) -> CallToolResult:
        """An article or another provision of a treaty, or a treaty, with the recommendations that cite it and those
        that are related to it. Such as "Art. 16(5) SMP" or "UNTOC 27"."""
        return await self._page(ctx, lambda exchange: answers.provision(which, exchange))

    async def list_questions(self, ctx: Context) -> CallToolResult:
        """The questions that are worked out already, with the values that they take."""
        return await self._page(ctx, answers.questions)

    async def ask_question(self, ctx: Context, name: Words, values: Values | None = None) -> CallToolResult:
        """The answer to one of the questions of list_questions, as a table."""
        return await self._page(ctx, lambda exchange: answers.question(name, values or {}, exchange))

    async def vocabulary(self, ctx: Context, words: Words = "") -> CallToolResult:
        """Prefixes, graphs, classes and properties for queries in SPARQL; with words, only terms with them."""
        return await self._page(ctx, lambda exchange: answers.vocabulary(words, exchange))

    async def sparql(self, ctx: Context, query: str) -> CallToolResult:
        """The result of a query in SPARQL 1.1 (SELECT, ASK, CONSTRUCT or DESCRIBE) that declares its prefixes. It has
        the limits of the endpoint, in time, memory and size; at most the rows of a page are given."""
        exchange = self._exchange(ctx)
        dataset = dataset_of(exchange.snapshot)

        async def run() -> Said:
            checked = await self._queries.check(query, dataset, in_turn=exchange.in_turn)
            result = await self._queries.answer(Question(checked, "html"), dataset, exchange.client)
            shown = table_of(result, checked.form)
            hints = hints_of(checked.text, exchange.snapshot.base.iri, terms_in_use(exchange.snapshot), shown)
            return answers.table(shown, hints, exchange, query)

        return await _answered(run())

    async def _page(self, ctx: Context, work: Work) -> CallToolResult:
        """What is made like a page, in the turn of its client."""
        exchange = self._exchange(ctx)
        return await _answered(exchange.in_turn(partial(work, exchange)))

    def _exchange(self, ctx: Context) -> Exchange:
        """The request that a call came with, or one of this machine."""
        request = ctx.request_context.request
        if request is not None:
            exchange: Exchange = request.scope[_KEY]
            return exchange
        return Exchange(
            self._services, self._services.snapshots.current, "stdio", Conditions("POST"), (), client="stdio"
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answers over HTTP meanwhile. Other names of hosts and other sites are refused (DNS rebinding)."""
        parts = urlsplit(self._services.settings.base)
        security = TransportSecuritySettings(
            allowed_hosts=[parts.netloc, *_LOCAL, *(f"{host}:*" for host in _LOCAL)],
            allowed_origins=[f"{parts.scheme}://{parts.netloc}", *(f"http://{host}:*" for host in _LOCAL)],
        )
        self._manager = StreamableHTTPSessionManager(
            self._server._lowlevel_server,
            json_response=True,
            stateless=True,
            security_settings=security,
            max_request_body_size=self._services.settings.request_bytes,
        )
        async with self._manager.run():
            yield

    async def answer(self, exchange: Exchange) -> Response:
        """The answer to a message."""
        assert self._manager is not None
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        async with asyncio.timeout(_SECONDS):
            scope = {**exchange.request.scope, _KEY: exchange}
            await self._manager.handle_request(scope, exchange.request.receive, keep)
        body = b"".join(message.get("body", b"") for message in sent)
        fields = {name.lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
        kind = fields.get(b"content-type", "text/plain; charset=utf-8")
        answer = Answer(body, kind, status=sent[0]["status"], freshness=Freshness.NEVER, cacheable=False)
        return respond(exchange, answer)

    def route(self) -> Route:
        """The route."""
        return Route(
            PATH,
            self.answer,
            "Model Context Protocol, streamable HTTP",
            method="POST",
            details={"requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}},
            otherwise="Language models are answered here by POST (Model Context Protocol, streamable HTTP).",
        )

    async def over_standard_streams(self) -> None:
        """Answers a client on this machine until it closes standard input."""
        await self._server.run_stdio_async()


async def _answered(work: Awaitable[Said]) -> CallToolResult:
    """An answer as structure and as text. Raises `ToolError` with the sentence of an error of ours."""
    try:
        content = await work
    except PalermoError as error:
        raise ToolError(error.detail) from error
    words = json.dumps(content, ensure_ascii=False, indent=1)
    return CallToolResult(content=[TextContent(type="text", text=words)], structured_content=content)
