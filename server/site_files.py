"""The whole site as files: every page and every representation of a snapshot, for a plain web server or object store.

The application itself answers, in this process, and what it answers is written: ``/doc/actor/unodc`` as
``doc/actor/unodc/index.html``, ``/doc/actor/unodc.ttl`` as that. Links are followed from the home page and the sitemap
on. What computes (search, filters, queries) is not there: each link and form that leads to it is marked and leads to a
page that says so.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urljoin

import httpx2
from jinja2 import Environment, FileSystemLoader, select_autoescape

from ontology.formats import BIBTEX, BY_SUFFIX, GRAPHS, HTML, QUERY, RIS, Format
from ontology.layout import Say
from server.app import create_app
from server.pages.page import STATIC, TEMPLATES
from server.settings import Settings
from server.snapshot import open_snapshot

NEEDS_SERVER = "needs-a-server/"
UNLINKED = ("robots.txt", "llms.txt", "sitemap.xml", "context.jsonld", "opensearch.xml", ".well-known/void", "versions")
"""Addresses that programs know and no page links."""
COMPUTES = ("sparql", "editor", "search", "compare", "names.json", "suggest.json", "neighbours.json", "reconcile")
"""Addresses whose answer depends on what is asked."""
ATTRIBUTE = re.compile(r'(?P<before><(?:a|form|link|script|img)\b[^<>]*?\s)(?P<name>href|src|action)="(?P<to>[^"]*)"')
SCRIPTED = re.compile(r'\sdata-(?:suggest|cite|style|explorer)(?:="[^"]*")?')
LOCATION = re.compile(r"<loc>([^<]+)</loc>")
ALTERNATE = re.compile(r'<([^>]+)>; rel="(?:alternate|describedby)"')
MAIN = re.compile(r"(<main\b[^>]*>).*(</main>)", re.DOTALL)
TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)


class NotExportedError(Exception):
    """The files cannot be written; the message says why, and nothing is left."""


def export_site(settings: Settings, folder: Path, say: Say) -> int:
    """Writes the current snapshot's site into a new or empty folder, all of it or nothing; returns how many files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotExportedError(f"{folder} is there already and not empty. Name a folder that is new or empty.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise NotExportedError(f"Nothing can be written beside {folder}: {error.strerror}.") from error
    try:
        written = asyncio.run(_Export(settings, draft, say).run())
        draft.chmod(0o755)
        draft.rename(folder)
        return written
    except OSError as error:
        raise NotExportedError(f"The files cannot be written: {error.strerror}. Nothing was left.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


class _Export:
    """One run: ``waiting`` holds the addresses still to be written, path-absolute, without query and fragment."""

    def __init__(self, settings: Settings, folder: Path, say: Say) -> None:
        self.folder, self.say = folder, say
        self.application = create_app(settings.model_copy(update={"log_level": "error"}))
        snapshot = open_snapshot((settings.folder / "current").resolve())
        self.base, self.version, self.built = snapshot.base, snapshot.version, snapshot.built
        self.waiting: list[str] = []
        self.known: set[str] = set()
        self.files = 0

    async def run(self) -> int:
        """Writes everything."""
        transport = httpx2.ASGITransport(app=self.application)
        origin = self.base.iri.removesuffix(self.base.path)
        headers = {"Accept": "text/html, */*;q=0.5", "Accept-Encoding": "identity"}
        async with httpx2.AsyncClient(transport=transport, base_url=origin, headers=headers) as client:
            self._want(self.base.path)
            for path in UNLINKED:
                self._want(self.base.path + path)
            while self.waiting:
                address = self.waiting.pop()
                await self._address(address, await client.get(address))
            missing = await client.get(f"{self.base.path}{NEEDS_SERVER}")
            self._put("404.html", self._page(missing.text, missing_page=True).encode())
        shutil.copytree(STATIC, self.folder / "static", ignore=shutil.ignore_patterns(".*"))
        for name, text in rules(self.base.path).items():
            self._put(name, text.encode())
        return self.files

    def _want(self, address: str) -> None:
        """Notes an address below the base, if it is new."""
        address = address.partition("#")[0]
        if address.startswith(self.base.path) and "?" not in address and address not in self.known:
            self.known.add(address)
            self.waiting.append(address)

    async def _address(self, address: str, answer: httpx2.Response) -> None:
        path = unquote(address.removeprefix(self.base.path))
        if answer.is_redirect:
            self._redirection(path, urljoin(address, answer.headers["location"]))
        elif answer.status_code == 200:
            links = ALTERNATE.findall(answer.headers.get("link", ""))
            if answer.headers["content-type"].startswith("text/html"):
                page = self._page(answer.text).encode()
                self._put(_file_of(path), page)
                for link in links:
                    if link.endswith(".html"):
                        self._put(link.removeprefix(self.base.path), page)
                if path == "about":
                    self._say_what_needs_a_server(answer.text)
            else:
                self._put(path if "." in path.rpartition("/")[2] else _file_of(path), answer.content)
            for link in links:
                if not link.endswith(".html"):
                    self._want(link)
            for location in LOCATION.findall(answer.text) if path.startswith("sitemap") else ():
                self._want(self.base.path + unescape(location).removeprefix(self.base.iri))
        elif answer.status_code == 404:
            self.say(f"{address} is named by a page and is not there, here as on the server.")
        else:
            raise NotExportedError(f"{address} answers {answer.status_code}. Nothing was left.")
        if path.startswith("doc/") and not path.endswith(SUFFIXES):
            self._want(f"{self.base.path}id/{path.removeprefix('doc/')}")

    def _put(self, name: str, content: bytes) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.files += 1
        if self.files % 2_000 == 0:
            self.say(f"{self.files:,} files, {len(self.waiting):,} addresses to go")

    def _redirection(self, path: str, to: str) -> None:
        """A page that leads on at once, for servers that do not read the rules."""
        self._want(to)
        self._put(_file_of(path), _written("see.html", to=to).encode())

    # ---- Pages ----

    def _page(self, text: str, *, missing_page: bool = False) -> str:
        """A page whose links lead to files, or are marked; its addresses are noted."""
        text = ATTRIBUTE.sub(self._attribute, SCRIPTED.sub("", text))
        told = _written("told.html", version=self.version, path=self.base.path, needs=NEEDS_SERVER)
        return text if missing_page else text.replace("</header>", f"</header>\n{told.rstrip()}", 1)

    def _attribute(self, match: re.Match[str]) -> str:
        to = unescape(match["to"])
        path = to.removeprefix(self.base.path)
        if not to.startswith(self.base.path) or to.startswith("//"):
            return match[0]
        version = f"v/{self.version}/"
        if path.startswith(version):
            path = path.removeprefix(version)
        bare = path.partition("#")[0].partition("?")[0]
        if path.startswith("static/"):
            return match[0]
        if "?" in path or bare in COMPUTES or path.startswith("v/") or match["name"] == "action":
            return f'{match["before"]}data-needs-server {match["name"]}="{self.base.path}{NEEDS_SERVER}"'
        self._want(self.base.path + path)
        return f'{match["before"]}{match["name"]}="{escape(self.base.path + path)}"'

    def _say_what_needs_a_server(self, about: str) -> None:
        """The page behind every marked link, in the frame of the page about the project."""
        day = self.built.date().isoformat()
        main = _written("needs-a-server.html", version=self.version, day=day, path=self.base.path)
        page = TITLE.sub("<title>This needs a server · Palermo</title>", about, count=1)
        page = MAIN.sub(lambda match: match[1] + main + match[2], page)
        self._put(f"{NEEDS_SERVER}index.html", self._page(page).encode())


_TEMPLATES = Environment(
    loader=FileSystemLoader(TEMPLATES / "serving"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def _written(name: str, **context: object) -> str:
    return _TEMPLATES.get_template(name).render(context)


def _file_of(path: str) -> str:
    """The file of an address that has no suffix of its own, or of a page."""
    if path.endswith(".html"):
        return path
    return f"{path.rstrip('/')}/index.html".lstrip("/")


ALSO = {known.suffix: known.media_type for known in (QUERY, RIS, BIBTEX)}
OFFERED: tuple[Format, ...] = (*GRAPHS, BY_SUFFIX[".akn"], BY_SUFFIX[".txt"])
"""What `Accept` may ask for in place of a page."""
SUFFIXES = tuple(known.suffix for known in (HTML, *OFFERED, BY_SUFFIX[".trig"], BY_SUFFIX[".nq"]))


def rules(path: str) -> dict[str, str]:
    """The files with rules for a site whose base has this path, by name."""
    types = {suffix: known.content_type for suffix, known in BY_SUFFIX.items() if known is not HTML} | ALSO
    return {
        "nginx.conf": _written("nginx.conf", path=path, types=types, offered=OFFERED),
        ".htaccess": _written("htaccess", path=path, types=types, offered=OFFERED),
        "_redirects": f"{path}id/* {path}doc/:splat 303\n{path}.well-known/void {path}dataset 303\n",
        "_headers": "".join(f"/*{suffix}\n  Content-Type: {kind}\n" for suffix, kind in types.items()),
        ".nojekyll": "",
        "SERVING.txt": _written("SERVING.txt", path=path, types=types, offered=OFFERED),
    }
