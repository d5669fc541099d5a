"""What holds on every kind of page: one heading, landmarks, no scripts or styles inside, no other host, few queries.

Each is asked on the site of the real document and on that of two documents that are unlike it.
"""

from __future__ import annotations

import gzip
import itertools
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from ontology.namespaces import DEFAULT_BASE
from server.app import create_app
from server.pages.routes import site_routes
from server.settings import Settings
from tests.browser.kinds import ADDRESSES, LOOKED_AT
from tests.cases import case
from tests.processes import figure
from tests.server.pages.kinds import DOCUMENT, PAGES, UNLIKE_PAGES
from tests.server.pages.tree import Element, Visit, tree

SITES = {"client": PAGES, "unlike_client": UNLIKE_PAGES}
"""The pages to visit by the name of the fixture whose site they are on."""


Pages = dict[str, Element]


@pytest.fixture(scope="module", params=SITES)
def pages(request: pytest.FixtureRequest) -> Pages:
    """All of them on one site, by their address."""
    client: TestClient = request.getfixturevalue(request.param)
    opened: Pages = {}
    for path in SITES[request.param]:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, path
        opened[path] = tree(answer.text)
        opened[path].attributes |= {"path": path, "size": str(len(gzip.compress(answer.content)))}
        opened[path].attributes["canonical"] = answer.links.get("canonical", {}).get("url", "")
    return opened


def is_well_formed(page: Element) -> None:
    """It has one heading and its landmarks; ids are unique, and what names them exists; headings skip no level."""
    assert page.one("html").attributes["lang"] == "en"
    assert len(page.all("h1")) == 1
    assert not [inner for link in page.all("a") for inner in link.all("a")], "No link stands in a link."
    assert "Palermo" in page.one("head").one("title").text
    assert page.one("meta", name="description").attributes["content"]
    assert page.one("main").attributes["id"] == "main"
    assert page.all("a", "skip")[0].attributes["href"] == "#main"
    assert {"header", "footer"} <= {each.tag for each in page.one("body").children if isinstance(each, Element)}
    ids = [each.attributes["id"] for each in page.walk() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    naming = ("aria-labelledby", "aria-describedby", "for")
    named = {name for each in page.walk() for way in naming for name in each.attributes.get(way, "").split()}
    assert named <= set(ids)
    assert {link.attributes["href"][1:] for link in page.all("a") if link.attributes["href"].startswith("#")} <= set(
        ids
    )
    levels = [int(each.tag[1]) for each in page.one("main").walk() if re.fullmatch("h[1-6]", each.tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def asks_no_other_host_and_has_no_style_or_script_inside(page: Element) -> None:
    for each in page.walk():
        assert "style" not in each.attributes
        assert not [name for name in each.attributes if name.startswith("on")]
        assert each.tag != "style"
        if each.tag == "script" and each.attributes.get("type") != "application/ld+json":
            assert each.attributes["src"].startswith("/static/")
        for name in ("src", "action"):
            assert each.attributes.get(name, "/").startswith("/")
        if each.tag == "link" and each.attributes["rel"] in ("stylesheet", "icon"):
            assert each.attributes["href"].startswith("/static/")


def names_one_canonical_address_and_links_by_paths(page: Element) -> None:
    canonical = page.one("link", rel="canonical").attributes["href"]
    assert canonical.startswith(DEFAULT_BASE)
    assert page.attributes["canonical"] in ("", canonical), "Its head and its header must not name two."
    assert not [href for href in page.one("body").hrefs if not href or href.startswith(DEFAULT_BASE)]


def labels_every_field_and_heads_every_table(page: Element) -> None:
    labelled = {label.attributes.get("for") for label in page.all("label")}
    for each in page.walk():
        if each.tag in ("input", "select", "textarea") and each.attributes.get("type") != "hidden":
            inside = any(above.tag == "label" for above in _above(each))
            assert inside or each.attributes.get("id") in labelled, each.attributes
    for table in page.all("table"):
        assert table.one("caption").text
        assert all("scope" in head.attributes for head in table.all("th"))


def of_a_build_on_this_machine_says_that_its_links_are_not_for_citing(page: Element) -> None:
    strip = page.all("aside", "strip")[0]
    assert "Not for citing" in strip.text
    assert "palermo build --base" in strip.text


def shows_at_most_9_queries_and_weighs_under_100_kilobytes_compressed(page: Element) -> None:
    shown = [code for each in page.all("details", "behind") for code in each.all("code")]
    assert len(shown) <= 9
    static = ("/data", "/search", "/queries", "/sparql", "/editor", "/shapes", "/changes")
    if page.attributes["path"] != "/compare" and not page.attributes["path"].startswith(static):
        assert shown
    assert int(page.attributes["size"]) < 100_000


@pytest.mark.parametrize(
    "holds",
    [
        is_well_formed,
        asks_no_other_host_and_has_no_style_or_script_inside,
        names_one_canonical_address_and_links_by_paths,
        labels_every_field_and_heads_every_table,
        of_a_build_on_this_machine_says_that_its_links_are_not_for_citing,
        shows_at_most_9_queries_and_weighs_under_100_kilobytes_compressed,
    ],
)
def test_a_page(holds: Callable[[Element], None], pages: Pages) -> None:
    for path, page in pages.items():
        with case(path):
            holds(page)


def test_a_page_asks_at_most_nine_questions(settings: Settings) -> None:
    costs: dict[str, float] = {}
    with TestClient(create_app(settings), follow_redirects=False) as client:  # It has nothing in its caches.

        def asked() -> float:
            return figure(client.get("/metrics").text, "palermo_named_queries_total{")

        cites, question = "recommendation that cites", "question which-recommendations-concern-an-article"
        for name in {*LOOKED_AT, cites, question}:
            before = asked()
            answer = client.get(ADDRESSES[name], headers={"Accept": "text/html"})
            assert answer.headers["content-type"].startswith("text/html"), name
            costs[name] = asked() - before
    assert costs.pop("result of a query") <= 9 + 20  # And the label of what search does not know in each of 20 rows.
    assert {name: cost for name, cost in costs.items() if cost > 9} == {}
    assert costs[cites] > 0
    assert costs[question] > 0


def test_every_query_shown_behind_a_recommendation_can_be_run(visit: Visit, client: TestClient) -> None:
    behind = visit(f"{DOCUMENT}/paragraph/24").one("details", "behind")
    for code in behind.all("code"):
        answer = client.get("/sparql", params={"query": code.raw}, headers={"Accept": "text/csv"})
        assert answer.status_code == 200, answer.text


def test_a_pinned_version_keeps_its_links_inside_and_names_the_current_page(client: TestClient, visit: Visit) -> None:
    version = client.get("/about").headers["x-palermo-version"]
    page = visit(f"/v/{version}/doc/actor/unodc")
    links = [link.attributes["href"] for link in page.one("main").all("a", "line-number")]
    assert links
    assert all(href.startswith(f"/v/{version}/doc/") for href in links)
    assert page.one("link", rel="canonical").attributes["href"].endswith("/doc/actor/unodc")
    assert f"You are reading version {version}" in page.text


@pytest.mark.parametrize("name", ["site.css", "site.js", "icon.svg"])
def test_files_with_their_checksum_in_the_address_may_be_kept_for_ever(
    name: str, visit: Visit, client: TestClient
) -> None:
    addresses = [
        each.attributes.get("href") or each.attributes.get("src", "")
        for each in [*visit("/about").all("link"), *visit("/about").all("script")]
    ]
    address = next(address for address in addresses if f"/static/{name}" in address)
    assert "immutable" in client.get(address).headers["cache-control"]
    assert "immutable" not in client.get(f"/static/{name}").headers["cache-control"]


def test_the_list_of_routes_is_the_extensions_own() -> None:
    paths = [route.path for route in site_routes()]
    assert len(paths) == len(set(paths))


def _above(element: Element) -> list[Element]:
    return [] if element.parent is None else [element.parent, *_above(element.parent)]


def test_structured_data_in_the_head_is_json_that_cannot_end_its_element(visit: Visit) -> None:
    import json

    script = visit(f"{DOCUMENT}/paragraph/24").one("script", type="application/ld+json")
    known = json.loads(script.raw)
    assert known["@type"] == "CreativeWork"
    assert known["text"].startswith("States parties may wish to consider involving")
    from server.pages.page import script_json

    assert "</script>" not in script_json({"x": "</script><b>"})
    assert tree("<p>ok</p>").text == "ok"


def test_every_fragment_of_the_data_set_is_described_on_its_page(visit: Visit) -> None:
    page = visit("/dataset")
    ids = {each.attributes["id"] for each in page.walk() if "id" in each.attributes}
    assert {"class-pal-Recommendation", "property-pal-cites"} <= ids
    row = next(each for each in page.all("tr") if each.attributes.get("id") == "class-pal-Recommendation")
    assert "entities 88" in row.text
    wanted = {href.partition("#")[2] for href in _hrefs(page) if href.startswith("/dataset#")}
    assert wanted <= ids


def test_a_pinned_page_leads_to_the_query_page_that_there_is(visit: Visit, client: TestClient) -> None:
    version = client.get("/about").headers["x-palermo-version"]
    page = visit(f"/v/{version}/queries/who-is-addressed")
    assert not [href for href in _hrefs(page) if href.startswith("/v/") and href.endswith("/sparql")]


def _hrefs(page: Element) -> list[str]:
    return [link.attributes["href"] for link in page.all("a")]


def test_a_page_says_which_queries_ran_for_it_and_which_only_give_the_same_answer(visit: Visit) -> None:
    behind = visit("/doc/actor/unodc").one("details", "behind").text
    ran, _, same = behind.partition("come from an index")
    assert "were run for this page" in ran
    assert "give the same answer" in same
    assert "were run" not in visit("/crossref").one("details", "behind").text
