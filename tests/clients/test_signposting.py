"""What a program for FAIR Signposting finds: the links of a page (level 1) and the set of all links (level 2)."""

from __future__ import annotations

import pytest
from signposting import Signpost, Signposting, find_signposting_http, find_signposting_linkset

PAGES = {
    "dataset": "dataset",
    "doc/document/som-wg-2015/paragraph/24": "id/document/som-wg-2015/paragraph/24",
    "doc/actor/unodc": "id/actor/unodc",
    **{
        path: path
        for path in ("queries/which-articles-are-never-cited", "ontology", "graph/reference", "recommendations")
    },
}


def targets(found: Signposting, relation: str) -> set[str]:
    return {str(each.target) for each in found.signposts if each.rel == relation}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("form", ["application/linkset+json", "application/linkset"])
def test_a_client_of_signposting_finds_the_same_on_both_levels_and_the_ways_back(
    live_server: str, path: str, form: str
) -> None:
    """https://signposting.org/FAIR/: the landing page is an AboutPage with one identifier, its metadata and its author,
    and leads to a set of links that has all of its own, and those from what describes it and from its files."""
    page = f"{live_server}{path}"
    first = find_signposting_http(page)
    assert isinstance(first.citeAs, Signpost)
    assert str(first.citeAs.target) == f"{live_server}{PAGES[path]}"
    assert "https://schema.org/AboutPage" in targets(first, "type")
    assert targets(first, "author") == {f"{live_server}id/agent/palermo"}
    assert {"text/turtle", "application/ld+json"} <= {str(each.type) for each in first.describedBy}
    assert (first.license is None) == (path in ("dataset", "recommendations") or "document" in path), (
        "Its words carry no licence of ours."
    )
    (linkset,) = targets(first, "linkset")
    whole = find_signposting_linkset(linkset, form)
    here = whole.for_context(page)
    for relation in ("cite-as", "type", "author", "describedby", "item", "license"):
        assert targets(first, relation) <= targets(here, relation), relation
    for relation, back in (("describedby", "describes"), ("item", "collection")):
        for target in targets(here, relation):
            assert page in targets(whole.for_context(target), back)
    assert targets(here, "item") or path != "dataset"
