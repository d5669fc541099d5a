"""Recommendations, and those of several things, side by side; baskets; and the ways on from every list."""

from __future__ import annotations

import csv
import io
import re

import docx
import pytest
import rispy
from starlette.testclient import TestClient

from tests.server.pages.tree import Element, Visit

PAIR = "of=som-wg-2015/16&of=som-wg-2015/27"


def test_two_recommendations_stand_side_by_side_with_their_operative_words(visit: Visit) -> None:
    page = visit(f"/compare?{PAIR}")
    columns = page.all("article", "compare-column")
    assert [column.all("h2")[0].text.split()[1] for column in columns] == ["16", "27"]
    assert [column.one("span", "mark-operative").text for column in columns] == ["should", "should"]
    assert all("States parties" in column.text for column in columns)


def _apart(page: Element) -> dict[str, list[list[str]]]:
    """Under each heading what each side has, of that which differs."""
    return {
        row.one("h3").text.partition(" Suggested")[0]: [
            [item.text for item in cell.all("li")] for cell in row.all("div", "apart-cell")
        ]
        for row in page.all("section", "apart-row")
    }


def test_what_differs_is_told_from_what_all_of_them_have(visit: Visit) -> None:
    """Both "should", of States parties, and both name women and children; 29 alone cites the Vienna Convention, and is
    hedged four times."""
    page = visit("/compare?of=som-wg-2015/27&of=som-wg-2015/29")
    apart = _apart(page)
    assert list(apart) == ["Actions", "Qualifying phrases", "Cites", "Themes"]
    assert apart["Cites"] == [[], ["Vienna Convention on Consular Relations"]]
    assert apart["Qualifying phrases"][0] == []
    assert len(apart["Qualifying phrases"][1]) == 4
    same = {row.one("dt").text: row.one("dd").text for row in page.one("dl", "alike").all("div")}
    assert (same["Operative words"], same["Addressees"]) == ("should", "States parties")
    assert {"Women", "Children"} <= set(same["Groups named"].split(", "))
    assert "pregnant women" in visit("/compare?of=som-wg-2015/20&of=som-wg-2015/29").text


def test_strength_and_addressees_of_recommendations_are_told_apart(visit: Visit) -> None:
    """14: "States parties are invited to"; 80: "The Working Group requested UNODC" is on no scale."""
    apart = _apart(visit("/compare?of=som-wg-2015/14&of=som-wg-2015/80"))
    assert apart["Strength"] == [["strength 3 of 5"], ["not on the scale"]]
    assert apart["Addressees"] == [["States parties"], ["UNODC"]]


def test_what_differs_between_two_meetings_leads_to_its_lists(visit: Visit) -> None:
    """2012 cites articles 6, 8, 10 and 16 of the Protocol, 2013 article 18 and articles 20, 32 and 37 of the
    Convention (9, 21, 24 and others; 27 and the following)."""
    page = visit("/compare?meeting=som-wg-2012&meeting=som-wg-2013")
    cited = [[item.partition(",")[0] for item in side] for side in _apart(page)["Articles cited"]]
    assert cited == [
        ["Article 6", "Article 8", "Article 10", "Article 16"],
        ["Article 18", "Article 20", "Article 32", "Article 37"],
    ]
    for row in page.all("section", "apart-row"):
        for item in row.all("li"):
            for to, count in zip(item.all("a"), item.all("span", "count"), strict=False):
                found = visit(to.attributes["href"]).one("p", role="status").text
                assert found.startswith(f"{count.text} of "), to.attributes["href"]
            break


def test_two_groups_stand_side_by_side_with_what_only_one_has(visit: Visit) -> None:
    page = visit("/compare?group=women&group=children")
    women, children = page.all("section", "compare-column")
    assert [link.text.split()[-1] for link in women.all("a", "line-number")] == ["20", "27", "29"]
    assert [line.all("a", "line-number")[0].text.split()[-1] for line in children.all("li", "only-here")] == ["90"]


def test_sets_are_not_told_apart_by_what_they_were_chosen_by_nor_by_narrower_themes(visit: Visit) -> None:
    """The headings of the themes stand for what is below them: 20, 27 and 29 are on “Vulnerable persons” and the like."""
    apart = _apart(visit("/compare?group=women&group=children"))
    for side in apart["Groups named"]:
        assert side[0].startswith("Migrants")
        assert not [item for item in side if re.match("(Women|Children) [0-9]", item)]
    assert {item.partition(" 3")[0] for item in apart["Themes"][0]} >= {"Protection and assistance"}
    assert not [item for side in apart["Themes"] for item in side if item.startswith("Vulnerable persons")]


def test_a_basket_is_a_list_with_every_format(client: TestClient, visit: Visit) -> None:
    page = visit(f"/recommendations?{PAIR}")
    assert [link.text.split()[-1] for link in page.all("a", "line-number")] == ["16", "27"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"/recommendations.csv?{PAIR}").text)))
    assert [row["number"] for row in rows] == ["16", "27"]


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        ("/doc/theme/return", "/recommendations?theme=return"),
        ("/doc/actor/unodc", "/recommendations?addressee=unodc"),
        ("/doc/group/children", "/recommendations?group=children"),
        ("/doc/qualifier/upon-request", "/recommendations?qualifier=upon-request"),
        ("/doc/meeting/som-wg-2013", "/recommendations?meeting=som-wg-2013"),
        ("/doc/document/som-wg-2015/section/III", "/recommendations?section=som-wg-2015%2FIII"),
        ("/doc/instrument/smuggling-protocol", "/recommendations?instrument=smuggling-protocol&basis=cited"),
        (
            "/doc/instrument/smuggling-protocol/article/16",
            "/recommendations?article=smuggling-protocol%2Farticle%2F16&basis=cited",
        ),
    ],
)
def test_a_thing_leads_to_the_list_that_it_counts_to_the_cross_reference_and_to_files(
    path: str, selected: str, visit: Visit
) -> None:
    hrefs = visit(path).one("main").hrefs
    query = selected.partition("?")[2]
    assert {selected, f"/crossref?{query}", f"/recommendations.docx?{query}", f"/recommendations.ris?{query}"} <= hrefs


def test_the_cross_reference_can_be_narrowed_and_show_only_what_has_none(visit: Visit) -> None:
    whole, empty = (
        [
            row
            for row in visit(f"/crossref?by=meeting{more}").all("table", "matrix")[0].all("tr")
            if row.all("span", "matrix-number")
        ]
        for more in ("", "&empty=1")
    )
    assert len(whole) == 25
    assert {row.attributes.get("class") for row in empty} == {"untouched"}
    returning = visit("/crossref?by=meeting&theme=return").one("main")
    assert "theme=return" in " ".join(link.attributes["href"] for link in returning.all("a"))


def test_a_treaty_begins_with_its_chapters_and_articles(visit: Visit) -> None:
    main = visit("/doc/instrument/smuggling-protocol").one("main")
    headings = [heading.attributes.get("id") for heading in main.all("h2")]
    assert headings[:3] == ["parts", "citing", "related"]
    assert not main.all("ol", "lines"), "the recommendations stand behind a list"
    article = next(item for item in main.all("li", "contents-article") if item.text.startswith("Article 6 "))
    assert article.one("b").text.startswith("2 ")


def test_what_goes_further_than_an_earlier_one_stands_beside_it_by_theme(visit: Visit) -> None:
    """Of the suggested pairs (`ingest/editorial/som-wg-2015/relations.csv`) eight go further; under Human rights are the
    later ones 27 ("the human rights of smuggled migrants") and 28 ("respect for the human rights of")."""
    page = visit("/takes-up?relation=sharpens")
    assert len(page.all("section", "pair")) == 8
    page = visit("/takes-up?relation=sharpens&theme=human-rights")
    assert [pair.one("h2").text for pair in page.all("section", "pair")] == [
        "27 goes further than 16",
        "28 goes further than 37",
    ]
    later, earlier = page.all("section", "pair")[0].all("article", "compare-column")
    assert [each.one("span", "mark-operative").text for each in (later, earlier)] == ["should", "should"]
    assert ("2013" in later.text, "2012" in earlier.text) == (True, True)


def test_a_comparison_is_taken_along_as_it_stands_on_the_page(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/compare.csv?group=women&group=children").text)))
    assert [(row["under"], row["number"], row["only here"]) for row in rows] == [
        *(("Women", number, "no") for number in ("20", "27", "29")),
        *(("Children", number, "no") for number in ("20", "27", "29")),
        ("Children", "90", "yes"),
    ]
    assert all(", para. " in row["citation"] for row in rows)
    (row, _) = csv.DictReader(io.StringIO(client.get("/compare.csv?of=som-wg-2015/24&of=som-wg-2015/29").text))
    assert "Consular assistance" in row["themes (suggested by a language model, not reviewed)"]
    assert (
        row["asks"]
        == "may wish to consider (2 of 5, only to consider): States parties; should (5 of 5): States parties"
    )
    paragraphs = docx.Document(io.BytesIO(client.get("/takes-up.docx?theme=root-causes").content)).paragraphs
    assert [each.text for each in paragraphs if each.style.name == "Heading 1"] == [
        "Recommendation 14 follows up recommendation 6",
        "Recommendation 15 follows up recommendation 6",
    ]
    items = rispy.loads(client.get("/compare.ris?group=women&group=children").text)
    assert [item["title"].rpartition(" ")[2] for item in items] == ["20", "27", "29", "90"]


@pytest.mark.parametrize(
    ("path", "pair"),
    [
        ("/groups", "group=women&group=children"),
        ("/meetings", "meeting=som-wg-2012&meeting=som-wg-2013"),
        ("/actors", "addressee=unodc&addressee=states"),
        ("/articles", "article=smuggling-protocol/article/8&article=smuggling-protocol/article/18"),
        ("/documents", "document=som-wg-2015"),
    ],
)
def test_things_of_a_list_are_ticked_to_be_compared(path: str, pair: str, visit: Visit) -> None:
    boxes = {(box.attributes["name"], box.attributes["value"]) for box in visit(path).all("input", form="side")}
    chosen = [tuple(each.split("=")) for each in pair.split("&")]
    assert set(chosen) <= boxes
    if len(chosen) > 1:
        columns = visit(f"/compare?{pair}").all("section", "compare-column")
        assert all(column.all("li", "line") for column in columns)
        assert len(columns) == 2


def test_operative_words_are_marked_where_lists_stand_side_by_side(visit: Visit) -> None:
    women, _ = visit("/compare?group=women&group=children").all("section", "compare-column")
    assert [each.text for each in women.all("span", "mark-operative")] == ["should", "should", "should"]


def test_a_list_shows_the_items_of_a_recommendation(visit: Visit, client: TestClient) -> None:
    """90 is under Children for its item (a)."""
    line = visit("/doc/group/children").all("li", "line")[-1]
    assert "(a) Smuggling of vulnerable migrants, such as children, including unaccompanied children;" in line.text
    assert "(e) Criminal justice responses, " in client.get("/recommendations.csv?of=som-wg-2015/90").text
