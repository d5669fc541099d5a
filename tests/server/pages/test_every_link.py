"""Every link inside the site leads somewhere, and every fragment names something on the page it leads to.

On the site of the real document, on that of invented documents of another body and other kinds, on which nothing may be said
that is true of the real one only, and on one whose document recommends nothing.
"""

from __future__ import annotations

import collections
import os
import re
from dataclasses import dataclass, field
from urllib.parse import urldefrag

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.server.pages.kinds import kind_of

EVIDENCE = re.compile(r"/(?:mention|link|directive)/|/article/\d+/(?:paragraph|letter)/")
"""What is linked only on a page of which there are many alike, so that not all are opened."""
ENDING = re.compile(r"\.(?:graphs\.)?[a-z]+$")
OF_THE_FIRST_DOCUMENT = re.compile(
    r"som-wg-20|[Cc]onsolidated recommendations|25 August 2015|Note by the Secretariat|CTOC/COP/WG\.7"
    r"|\b88 recommendations|\b92 (?:numbered )?paragraphs"
)
"""What is true of the first document only: its name, title, date, kind, symbol and numbers."""
REFERENCE = re.compile(
    r"^/(?:ontology|doc/(?:meeting|resolution|activity|actor/working-group)|graph/queries|sparql$|graph/reference|dumps/|static/"
    r"|meetings|resolutions|names|explore\?of=id%2F(?:meeting|resolution)%2F)"
)
"""What describes the world, not the documents of a corpus, and so names that document's meetings and theirs."""
PREFIX_REC = re.compile(r"id/document/som-wg-2015/paragraph/(?![\w-])")
"""The published prefix `rec:` stands for the paragraphs of the first document, whatever the corpus."""


def alike(address: str) -> tuple[object, int]:
    """The kind of an address, and how many of this kind are asked for; with ``EVERY=1`` all."""
    path, query, _ = address.partition("?")
    if os.environ.get("EVERY"):
        return address, 1
    if query:
        return f"{path}?", 8
    if ending := ENDING.search(path):
        return (*kind_of(path), ending[0]), 1
    return (kind_of(path), 12) if path.startswith(("/doc/", "/v/", "/id/")) else (path, 1)


@dataclass(slots=True)
class Walk:
    """The answers of addresses that links lead to, and what pages name."""

    client: TestClient
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    linked: set[str] = field(default_factory=set)
    anchors: dict[str, set[str]] = field(default_factory=dict)
    fragments: dict[tuple[str, str], str] = field(default_factory=dict)

    def follow(self, *starts: str) -> None:
        """Asks these addresses and all that their pages lead to; of lists with filters, only those linked elsewhere."""
        waiting = collections.deque((start, "nowhere") for start in starts)
        known, asked = set(starts), collections.Counter[object]()
        while waiting:
            address, found_on = waiting.popleft()
            answer = self.client.get(address, headers={"Accept": "text/html, */*;q=0.5"}, follow_redirects=True)
            if answer.status_code != 200:
                self.failed.append(f"{address}, linked on {found_on}: {answer.status_code}")
            elif not answer.headers["content-type"].startswith("text/html"):
                self.files[address] = answer.text
            else:
                self.pages[address] = answer.text
                for link in self.read(address, answer.text):
                    shape, most = alike(link)
                    if link not in known and asked[shape] < most and "?" not in address and "/v/" not in address:
                        asked[shape] += 1
                        waiting.append((link, address))
                    known.add(link)

    def read(self, address: str, page: str) -> list[str]:
        """The addresses on this site that a page names, each once and without its fragment."""
        root = etree.fromstring(page, etree.HTMLParser())
        named = [str(each) for each in root.xpath("//@href | //@src | //@action | //@data-source")]
        self.anchors[address] = {str(each) for each in root.xpath("//@id")}
        for to, fragment in (urldefrag(each) for each in named if each.startswith(("/", "#"))):
            if fragment:
                self.fragments.setdefault((to or address, fragment), address)
        links = dict.fromkeys(urldefrag(each).url for each in named if each.startswith("/"))
        self.linked |= {link.partition("?")[0] for link in links}
        return list(links)


SITES = {
    "client": ["/"],
    "unlike_client": ["/", "/llms.txt", "/dataset.ttl", "/opensearch.xml"],
    "note_client": ["/", "/dataset.ttl"],
}
"""The fixture of each site, and where a walk over it begins."""


@pytest.fixture(scope="module", params=SITES)
def walk(request: pytest.FixtureRequest) -> Walk:
    """A walk over one of the sites."""
    walked = Walk(request.getfixturevalue(request.param))
    walked.follow(*SITES[request.param])
    return walked


def test_every_link_leads_somewhere(walk: Walk) -> None:
    assert walk.failed == []
    assert len(walk.pages) > 200
    assert len(walk.files) > 100


def test_every_fragment_names_something_on_its_page(walk: Walk) -> None:
    lost = {
        f"{path}#{fragment}": linking
        for (path, fragment), linking in walk.fragments.items()
        if path in walk.anchors and fragment not in walk.anchors[path]
    }
    assert lost == {}
    assert len(walk.fragments) > 100


@pytest.mark.parametrize("walk", ["client"], indirect=True)
def test_every_page_of_the_sitemap_is_reached_by_links(walk: Walk) -> None:
    listed = re.findall("<loc>[^<]*?//[^/]*(/[^<]+)</loc>", walk.client.get("/sitemap.xml").text)
    assert len(listed) > 1_000
    assert {kind_of(path) for path in listed} <= {kind_of(path) for path in walk.linked}
    assert {path for path in listed if not EVIDENCE.search(path)} - walk.linked == set()


def test_nothing_says_what_is_true_of_another_document_only(walk: Walk, client: TestClient) -> None:
    said = [
        f"{address}: {found[0]}"
        for address, text in (walk.pages | walk.files).items()
        if not REFERENCE.search(address) and (found := OF_THE_FIRST_DOCUMENT.search(PREFIX_REC.sub("", text)))
    ]
    assert bool(said) is (walk.client is client), sorted(said)
