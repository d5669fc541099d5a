"""The bench as a small site for one person: loopback only, a one-time token in its address, forms without scripts.

`palermo review` opens it, and when the reviewer ends, says what changed and rebuilds.
"""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import uvicorn
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ingest.command import run_build
from ingest.corpus import BuildSettings
from ingest.corrections import CONFIRM, EDITS
from ingest.describing.judgements import VERBS
from ingest.document import nth_place
from ingest.editorial import CONFIDENCES, RELATIONS
from ingest.errors import BuildError
from ingest.extraction.modality import MODALITIES
from ingest.judged_texts import CHANGED
from ingest.review.decisions import Reviewer, describe, opinions, reviewer_of
from ingest.review.desk import Change, Desk, Filter, Judgement
from ingest.review.texts import marked, sentences, stems
from ontology.layout import Say

COOKIE = "palermo-review"
HOSTS = {"127.0.0.1", "localhost", "[::1]"}
NEIGHBOURS = 6
"""How many recommendations judged alike are shown."""
FIELDS = ("theme", "provision", "earlier", "confidence", *EDITS["directives"], *EDITS["mentions"])
"""The cells that a form may change, beside relation and reason; the rest of a row says who, what and when."""
KINDS = {
    "themes": "Themes",
    "concordance": "Related provisions",
    "relations": "Relations to earlier recommendations",
    "directives": "Directives, as rules read them",
    "mentions": "Names, citations and actions, as rules read them",
}
"""What the tables are called on the page."""
LABELS = {
    "theme": "Theme", "provision": "Provision", "earlier": "Earlier recommendation", "confidence": "Confidence",
    "words": "Words", "operative": "Operative words", "modality": "Modality", "addressee": "Addressees",
    "asked": "To be asked", "consider_only": "Only to consider", "names": "Names", "cites": "Cites",
    "relation": "Relation",
}  # fmt: skip
"""What the cells of a row are called on the page."""
CHOICES = {
    "confidence": CONFIDENCES, "modality": MODALITIES, "relation": RELATIONS,
    "consider_only": ("yes", "no"), "cites": ("yes", "no"),
}  # fmt: skip
"""Cells with a closed list of values."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
FOLDER = Path(__file__).parent


class Bench:
    """The pages of the bench. ``finished`` is called when the reviewer ends the sitting."""

    def __init__(self, desk: Desk, reviewer: Reviewer, finished: Callable[[], None]) -> None:
        self.desk = desk
        self.reviewer = reviewer
        self.finished = finished
        self.token: str | None = secrets.token_urlsafe(24)
        self.session = secrets.token_urlsafe(32)
        self.skipped: set[str] = set()
        self.templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True)

    def app(self) -> Starlette:
        """The application; whoever has neither the token nor the cookie gets nothing."""
        routes = [
            Route("/", self._guarded(self._page)),
            Route("/decide", self._guarded(self._decide), methods=["POST"]),
            Route("/finish", self._guarded(self._finish), methods=["POST"]),
            Route("/review.css", self._file("review.css", "text/css")),
            Route("/review.js", self._file("review.js", "text/javascript")),
        ]
        return Starlette(routes=routes)

    def _file(self, name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
        async def respond(_: Request) -> Response:
            return Response((FOLDER / name).read_bytes(), media_type=kind, headers=HEADERS)

        return respond

    def _guarded(
        self, handler: Callable[[Request, Filter], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
            origin = request.headers.get("origin", f"//{request.headers.get('host', '')}")
            if host not in HOSTS or origin.partition("//")[2] != request.headers.get("host"):
                return PlainTextResponse("The bench answers on this machine only.", 403, HEADERS)
            token = request.query_params.get("token")
            if token and self.token and secrets.compare_digest(token.encode(), self.token.encode()):
                self.token = None
                response: Response = RedirectResponse("/", 303, HEADERS)
                response.set_cookie(COOKIE, self.session, httponly=True, samesite="strict")
                return response
            cookie = request.cookies.get(COOKIE, "")
            if not secrets.compare_digest(cookie.encode(), self.session.encode()):
                return PlainTextResponse(
                    "The address was used already, or is not whole. Start the bench again.", 403, HEADERS
                )
            query = {field.name: request.query_params.get(field.name, "") for field in fields(Filter)}
            response = await handler(request, Filter(**query))
            response.headers.update(HEADERS)
            return response

        return respond

    async def _page(self, request: Request, wanted: Filter) -> Response:
        """The next judgement of the queue, or the one that the address names."""
        waiting = self.desk.queue(wanted)
        all_ = self.desk.queue(wanted, decided_too=True)
        named = request.query_params.get("judgement")
        chosen = next((each for each in all_ if each.name == named), None)
        unseen = [each for each in waiting if each.name not in self.skipped]
        current = chosen or next(iter(unseen or waiting), None)
        context = self._filters(wanted) | {
            "reviewer": self.reviewer.name,
            "done": len(all_) - len(waiting),
            "total": len(all_),
            "minutes": self.desk.minutes_left(len(waiting)),
            "changes": len(self.desk.changes),
            "message": request.query_params.get("message", ""),
        }
        if current is not None:
            context |= self._judgement(current)
        return HTMLResponse(self.templates.get_template("judgement.html").render(context))

    def _filters(self, wanted: Filter) -> dict[str, object]:
        """What the forms of the queue offer, and what is chosen."""
        all_ = self.desk.judgements()
        linked = {"/".join(each.value.split("/")[:3]) for each in all_ if each.table == "concordance"}
        return {
            "wanted": asdict(wanted),
            "query": urlencode({name: value for name, value in asdict(wanted).items() if value}),
            "documents": sorted({each.document for each in all_}),
            "tables": [(name, KINDS[name]) for name in dict.fromkeys(each.table for each in all_)],
            "articles": [path for path in self.desk.provisions if path in linked],
            "provisions": list(self.desk.provisions),
            "themes": sorted({each.value for each in all_ if each.table == "themes"}),
        }

    def _judgement(self, judgement: Judgement) -> dict[str, object]:
        """What is shown of one judgement."""
        text = self.desk.texts[judgement.document].get(judgement.number)
        words = text.text if text else ""
        provision = sentences(judgement.value, self.desk.provisions) if judgement.table == "concordance" else []
        earlier = self._earlier(judgement) if judgement.table == "relations" else ""
        other = " ".join(sentence for _, sentence in provision) or earlier
        shared = stems(words) & stems(other) if other else stems(judgement.cells.get("reason", "")) & stems(words)
        shared -= self.desk.subject
        alike = self.desk.alike(judgement, self.desk.judgements())
        changed = CHANGED.partition(": ")[2] if self.desk.has_changed(judgement) else ""
        changed = "confirmed before the rules read it otherwise" if judgement.read_otherwise else changed
        return {
            "judgement": judgement,
            "words": list(self._words(judgement, words, shared)),
            "kind": KINDS[judgement.table],
            "heading": self._heading(judgement),
            "fields": [(name, LABELS[name], self._choices(name)) for name in self._fields(judgement)],
            "definition": self.desk.themes.get(judgement.value, "") if judgement.table == "themes" else "",
            "read": judgement.cells if judgement.table in EDITS and not self._change(judgement) else {},
            "change": self._change(judgement),
            "official": self.desk.official.get(judgement.value.partition("/")[0], "") if provision else "",
            "suggested_by": self._suggested_by(judgement),
            "agents": self.desk.agents,
            "cites": text.cites if text else (),
            "sentences": [(name, list(marked(sentence, shared))) for name, sentence in provision],
            "earlier": list(marked(earlier, shared)),
            "readings": self.desk.readings(judgement),
            "disputed": self.desk.disputed(judgement),
            "changed": changed,
            "opinions": opinions(judgement.cells),
            "alike": alike[:NEIGHBOURS],
            "more": max(0, len(alike) - NEIGHBOURS),
        }

    def _suggested_by(self, judgement: Judgement) -> str:
        """Who suggested it, in a sentence; once somebody reviewed it, without what is said of all suggestions."""
        agent = judgement.cells.get("agent", "").partition(" ")[0]
        name, comma, rest = self.desk.agents.get(agent, agent).partition(", not ")
        is_person = not comma and not agent.startswith("palermo-")
        name = name if is_person else name[:1].lower() + name[1:]
        return name if opinions(judgement.cells) else name + comma + rest

    def _heading(self, judgement: Judgement) -> str:
        """Returns the judged value in short: the words, or the relation and the linked thing."""
        cells, verb = judgement.cells, VERBS.get(judgement.cells.get("relation", ""), "")
        if change := self._change(judgement):
            about = cells.get("words") or (f"directive {cells['directive']}" if cells.get("directive") else "")
            return f"{change} {about}".rstrip()
        return cells.get("words") or " ".join(filter(None, (verb, judgement.value)))

    def _change(self, judgement: Judgement) -> str:
        """The change that a row of corrections makes in what rules read; empty for a finding or one confirmed."""
        change = judgement.cells.get("change", "")
        return "" if change == CONFIRM else change

    def _fields(self, judgement: Judgement) -> list[str]:
        """The cells of a row that the form offers to change."""
        if judgement.table in EDITS:
            return [name for name in EDITS[judgement.table] if name in judgement.cells]
        return [name for name in (*FIELDS, "relation") if name in judgement.cells]

    def _choices(self, name: str) -> list[tuple[str, str]]:
        """The values of a closed list, each with its words."""
        values = tuple(sorted(self.desk.themes)) if name == "theme" else CHOICES.get(name, ())
        return [(value, VERBS[value] if name == "relation" else value) for value in values]

    def _words(self, judgement: Judgement, text: str, shared: frozenset[str]) -> Iterator[tuple[str, bool]]:
        """The recommendation in pieces: the words that a finding was read from are marked, or those that both share."""
        words = judgement.cells.get("words", "")
        nth = judgement.cells.get("occurrence", "")
        start = nth_place(text, words, int(nth) if nth.isdigit() else 1)
        if start >= 0:
            end = start + len(words)
            yield from ((text[:start], False), (text[start:end], True), (text[end:], False))
        else:
            yield from marked(text, shared)

    def _earlier(self, judgement: Judgement) -> str:
        """The words of the earlier recommendation of a relation."""
        document, _, number = judgement.cells["earlier"].rpartition("/")
        text = self.desk.texts.get(document or judgement.document, {}).get(number.replace(".", "-"))
        return text.text if text else ""

    async def _decide(self, request: Request, wanted: Filter) -> Response:
        """Accept, reject, skip or undo; then the next judgement."""
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        decision, message, back = form.get("decision", ""), "", ""
        if decision == "undo":
            change = self.desk.undo()
            message = "Undone." if change else "Nothing to undo in this sitting."
            back = change.judgement.name if change else ""
        else:
            judgements = {each.name: each for each in self.desk.judgements()}
            judgement = judgements.get(form.get("judgement", ""))
            if judgement is None:
                message = "That row has changed or gone meanwhile."
            elif decision == "skip":
                self.skipped.add(judgement.name)
            elif decision in ("accept", "reject"):
                names = [name for name in (*FIELDS, "relation", "reason") if name in judgement.cells and name in form]
                edits = {name: form[name] for name in names}
                message = self._write(judgement, decision, edits)
                back = judgement.name if message else ""
        query = {name: value for name, value in asdict(wanted).items() if value}
        query |= {name: value for name, value in (("judgement", back), ("message", message)) if value}
        return RedirectResponse(f"/?{urlencode(query)}", 303)

    def _write(self, judgement: Judgement, decision: str, edits: dict[str, str]) -> str:
        """Writes a decision. Returns what was wrong with it, empty if nothing was."""
        self.skipped.add(judgement.name)
        is_finding = judgement.new and judgement.table in EDITS
        if decision == "accept" and not is_finding and (problem := self.desk.problem(judgement, edits)):
            return problem
        try:
            describe(self.reviewer, self.desk.settings.root)
            self.desk.decide(judgement, decision, edits)
        except KeyError as error:
            return str(error.args[0])
        except OSError as error:
            return f"The decision could not be written: {error.strerror or error}. The tables are as they were."
        return ""

    async def _finish(self, _request: Request, _wanted: Filter) -> Response:
        """What changed in this sitting; the terminal rebuilds."""
        self.finished()
        return HTMLResponse(self.templates.get_template("finished.html").render(changes=self.desk.changes))


LOOPBACK = "127.0.0.1"


def run_review(settings: BuildSettings, name: str, say: Say, *, show: bool = True, rebuild: bool = True) -> int:
    """Serve the bench for one person until they end it; returns the exit status.

    ``show`` opens a browser; ``rebuild`` builds and publishes when something was decided.
    """
    try:
        reviewer = reviewer_of(name, settings.root)
        desk = Desk(settings, reviewer.slug, date.today())
    except BuildError as error:
        say(f"palermo: {error}")
        return 1
    with socket.socket() as place:
        place.bind((LOOPBACK, 0))
        place.listen()
        port = place.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config("", log_level="error", lifespan="off"))

        def finished() -> None:
            server.should_exit = True

        bench = Bench(desk, reviewer, finished)
        server.config.app = bench.app()
        address = f"http://{LOOPBACK}:{port}/?token={bench.token}"
        say(f"Reviewing as {reviewer.name}. Open this address once, on this machine:\n{address}")
        say("Every decision is written at once. End with “Finish” on the page, or with Ctrl+C.")
        if show:
            webbrowser.open(address)
        server.run(sockets=[place])
    return _end(desk.changes, settings, say, rebuild=rebuild)


def _end(changes: list[Change], settings: BuildSettings, say: Say, *, rebuild: bool) -> int:
    for change in changes:
        say(f"  {change.decision:7}{change}")
    say(f"{len(changes)} decisions. See them with: git diff {settings.editorial}")
    return run_build(settings, say) if changes and rebuild else 0
