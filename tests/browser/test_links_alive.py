"""Every link inside the site leads somewhere, and every fragment names something on the page it leads to."""

from __future__ import annotations

import collections
import os
import re
from dataclasses import dataclass, field

import httpx2
import pytest

from tests.browser.pages import links_of, path_of, without_fragment

ONE_OF_EACH = re.compile(r"^/v/|^/id/|\.(ttl|jsonld|nt|nq|rdf|trig|txt|html|bib|ris|csv|json|rq|docx|xlsx|parquet)$")
"""What is followed once for each shape of its path: old versions of pages, names of things, and data formats."""
EVIDENCE = re.compile(r"/paragraph/(\d+)/(?:mention|link|directive)/|/instrument/untoc/article/(\d+)/paragraph/")
"""Pages of which there are very many alike; those of one number in eight are opened, or all with ``EVERY=1``."""
EVERY = bool(os.environ.get("EVERY"))
HTML = {"Accept": "text/html"}


@dataclass(slots=True)
class Crawl:
    """What a walk over the whole site found."""

    anchors: dict[str, set[str]] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)
    dead: dict[str, str] = field(default_factory=dict)
    fragments: dict[tuple[str, str], str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def crawl(live_server: str) -> Crawl:
    """Every distinct path below the home page, asked for once; formats and old versions once for each kind of page."""
    found, waiting = Crawl(), collections.deque([(live_server, "nowhere")])
    known = {path_of(live_server)}
    with httpx2.Client(headers=HTML, timeout=120) as client:
        while waiting:
            address, linking = waiting.popleft()
            answer = client.get(address, follow_redirects=True)
            if answer.status_code != 200:
                found.dead[f"{answer.status_code} {address}"] = linking
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            page = links_of(answer.content, str(answer.url))
            found.anchors[path_of(address)] = page.anchors
            for link in sorted(page.addresses):
                target, fragment = without_fragment(link)
                path = path_of(target)
                if not target.startswith(live_server):
                    continue
                found.linked.add(path)
                if fragment:
                    found.fragments.setdefault((path, fragment), address)
                kind = re.sub(r"\d[\d-]*|(?<=[a-z]/)[a-z-]+(?=[./]|$)", "N", path) if ONE_OF_EACH.search(path) else path
                if kind not in known:
                    known.add(kind)
                    alike = EVIDENCE.search(path)
                    if alike and not EVERY and int(alike[1] or alike[2]) % 8:
                        continue
                    waiting.append((target, address))
    return found


def test_every_link_leads_somewhere(crawl: Crawl) -> None:
    assert crawl.dead == {}
    assert len(crawl.anchors) > 700


def test_every_fragment_names_something_on_its_page(crawl: Crawl) -> None:
    lost = {
        f"{path}#{fragment}": linking
        for (path, fragment), linking in crawl.fragments.items()
        if path in crawl.anchors and fragment not in crawl.anchors[path]
    }
    assert lost == {}
    assert len(crawl.fragments) > 100


def test_every_page_of_the_sitemap_is_reached_by_links(crawl: Crawl, live_server: str) -> None:
    listed = re.findall("<loc>([^<]+)</loc>", httpx2.get(f"{live_server}sitemap.xml").text)
    assert len(listed) > 1_000
    assert [address for address in listed if path_of(address) not in crawl.linked] == []
