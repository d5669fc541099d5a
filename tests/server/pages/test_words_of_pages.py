"""What stands where on pages of the real document: read in its text, in the tables of judgements and in the reference data."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from _pytest.mark import ParameterSet

from ontology.namespaces import DEFAULT_BASE
from tests.server.pages.tree import Visit

DOCUMENT = "/doc/document/som-wg-2015"
PROTOCOL, CONVENTION = "/doc/instrument/smuggling-protocol", "/doc/instrument/untoc"
SUGGESTED = "Suggested by a language model, not reviewed"
NUMBERS: dict[tuple[str, str], list[int] | None] = {
    (f"{PROTOCOL}/article/6", "#citing"): [33, 53],
    (f"{PROTOCOL}/article/6/paragraph/1", "#citing"): [33],
    (f"{PROTOCOL}/article/6/paragraph/3", "#citing"): [33],
    (f"{PROTOCOL}/article/8", "#citing"): [51],
    (f"{PROTOCOL}/article/10", "#citing"): [83],
    (f"{PROTOCOL}/article/16", "#citing"): [24],
    (f"{PROTOCOL}/article/16/paragraph/5", "#citing"): [24],
    (f"{PROTOCOL}/article/18", "#citing"): [79],
    (f"{PROTOCOL}/chapter/2", "#citing"): [19, 51],
    (f"{CONVENTION}/article/20", "#citing"): [43],
    (f"{CONVENTION}/article/32", "#citing"): [91],
    (f"{CONVENTION}/article/37", "#citing"): [91],
    ("/doc/instrument/vccr", "#citing"): [24, 29],
    (f"{PROTOCOL}/article/5", "#citing"): [],
    (f"{PROTOCOL}/article/16/paragraph/1", "#citing"): [],
    (f"{CONVENTION}/article/1", "#citing"): [],
    # 19 cites chapter II, in which these stand, and none of them.
    (f"{PROTOCOL}/article/7", "#citing"): [],
    (f"{PROTOCOL}/article/9", "#citing"): [],
    # 80 and 83 ask it at once ("requested UNODC", "requests UNODC"), 91 with States parties; 38, 40, 41 and 83 have States
    # call upon it; 46, 70 and 87 ask the Secretariat, in which it serves; 51, 81 and 84 only name it.
    ("/doc/actor/unodc", "#direct"): [80, 83, 91],
    ("/doc/actor/unodc", "#through-others"): [38, 40, 41, 83],
    ("/doc/actor/unodc", "#office"): [46, 70, 87],
    ("/doc/actor/unodc", "#named"): [51, 81, 84],
    ("/doc/tool/sherloc", "#recommendations"): [84],
    ("/doc/tool/interpol-databases", "#recommendations"): [39, 53],  # under both of their spellings
    ("/doc/meeting/som-wg-2012", "#recommendations"): [
        *range(5, 14), *range(16, 27), *range(30, 42), *range(47, 64), 82, 83, *range(85, 89),
    ],
    ("/doc/meeting/som-wg-2013", "#recommendations"): [
        14, 15, *range(27, 30), *range(42, 47), *range(64, 82), 84, *range(89, 93),
    ],
    ("/doc/theme/return", "#recommendations"): [21, 22, 27, 29, 63, 76, 79],
    ("/doc/group/women", "#recommendations"): [20, 27, 29],  # where its narrower names stand as well
    ("/doc/qualifier/upon-request", "#directives"): [46],
    ("/doc/qualifier/where-applicable", "#words-beside"): [21],
    ("/doc/qualifier/where-applicable", "#directives"): None,  # it bounds words beside it and no directive
    # 10 "establishing as a criminal offence", 31 "establish as criminal offences"; 83 requests UNODC to collect
    ("/doc/action/criminalize", "#directives"): [10, 31],
    ("/doc/action/collect", "#directives"): [39],
    ("/doc/action/collect", "#through-others"): [83],
    (f"{DOCUMENT}/section/VI", "main"): [82, 83, 84],
    (f"{DOCUMENT}/paragraph/2", "#directives"): None,
    **{(f"{DOCUMENT}/paragraph/{number}", "#related"): None for number in (1, 2, 3, 4)},
}  # fmt: skip


@pytest.mark.parametrize(("path", "place"), NUMBERS)
def test_a_part_of_a_page_lists_the_recommendations_that_the_text_has(path: str, place: str, visit: Visit) -> None:
    page, expected = visit(path), NUMBERS[path, place]
    if expected is None:
        assert not page.all(id=place.removeprefix("#"))
    else:
        assert page.at(place).numbers() == expected


def says(claim: str, path: str, place: str, *words: str, never: Sequence[str] = ()) -> ParameterSet:
    """A claim, the page and the place on it where some words stand, and others that never do."""
    return pytest.param(path, place, words, never, id=claim)


PARAGRAPH = f"{DOCUMENT}/paragraph"
ABOUT = (
    "In the text", "Recognised by rules", SUGGESTED, "convention of this project", "not authentic",
    "What is not in this document is not here.",
)  # fmt: skip
AS_A_WHOLE = "Recommendation 19 cites Chapter II, Smuggling of Migrants Protocol as a whole"


@pytest.mark.parametrize(
    ("path", "place", "words", "never"),
    [
        says("about tells text, rules and judgement apart and owns the scale", "/about", "main", *ABOUT),
        says("the Secretariat says who serves as it", "/doc/actor/secretariat", "aside.margin", "served by", "UNODC"),
        says("a tool says who keeps it", "/doc/tool/sherloc", "aside.margin", "Kept by"),
        says("a request to its own secretariat has no strength, a call with others has", "/doc/actor/unodc", "#direct",
             "not on the scale", "strength 5 of 5"),
        says("a theme is a suggestion", "/doc/theme/return", "#recommendations", SUGGESTED),
        says("a meeting stands in the text", "/doc/meeting/som-wg-2012", "#recommendations", "In the text"),
        says("strength is a convention", "/doc/modality/should", "main", "5 of 5, a convention of this project"),
        says("nobody cites an article", f"{PROTOCOL}/article/5", "#citing", "No recommendation cites"),
        says("nobody cites a paragraph", f"{PROTOCOL}/article/16/paragraph/1", "#citing", "No recommendation cites"),
        says("a chapter is cited as a whole, beside 7", f"{PROTOCOL}/article/7", "#citing", AS_A_WHOLE),
        says("a chapter is cited as a whole, beside 9", f"{PROTOCOL}/article/9", "#citing", AS_A_WHOLE),
        says("which paragraph of article 16 is cited", f"{PROTOCOL}/article/16", "#citing li.line",
             "cites Article 16, paragraph 5, Smuggling of Migrants Protocol"),
        says("related recommendations are suggestions", f"{PROTOCOL}/article/16", "#related", SUGGESTED),
        says("an article has its title", f"{PROTOCOL}/article/16", "h1", "Protection and assistance measures"),
        says("an article names its chapter", f"{PROTOCOL}/article/16", "header.title", "Chapter III"),
        says("a summary is not authentic", f"{PROTOCOL}/article/16", "section.summary", "Summary, not authentic"),
        says("a treaty counts recommendations and names the other paragraph that cites it", PROTOCOL, "#citing",
             "All 16 recommendations", "It is cited as well in Paragraph 1"),
        says("a paragraph of the introduction is told from recommendations", "/doc/resolution/cop-5-3", "main",
             "in the introduction, not a recommendation"),
        says("the words of a directive begin behind its operative words", f"{PARAGRAPH}/29",
             "ol.directives span.verbatim", "where appropriate and consistent with", never=("should",)),
        says("a page break in the source is one space", f"{PARAGRAPH}/13", "blockquote",
             "for companies that do not comply with their obligation"),
        says("citations stand in the text", f"{PARAGRAPH}/24", "#cited", "In the text"),
        says("relations are suggested", f"{PARAGRAPH}/24", "#related", SUGGESTED),
        says("a recommendation that cites nothing says so", f"{PARAGRAPH}/5", "#cited", "cite no provision"),
        says("a recommendation names its place", f"{PARAGRAPH}/84", "header.title", "Section VI, part B"),
        says("similar recommendations say what they share", f"{PARAGRAPH}/24", "#similar", "Recommendation 29",
             "Vienna Convention on Consular Relations"),
        says("a paragraph is cited by its number", f"{PARAGRAPH}/1", "p.citation", ", para. 1, "),
        says("an item is cited by its letter", f"{PARAGRAPH}/90/item/a", "p.citation", ", para. 90 (a), "),
        says("the masthead is part of the text", DOCUMENT, "article.sheet p.sheet-masthead", "Distr.: General"),
        says("the footnote is part of the text", DOCUMENT, "article.sheet p.sheet-footnote", "CTOC/COP/WG.7/2015/1"),
        says("a section lists its parts", f"{DOCUMENT}/section/VI", "main", "Section VI, part A", "Section VI, part B"),
        says("figures measured on known sentences are called so", "/quality", "#rules", "In-sample",
             "not how well they would do elsewhere"),
        says("checks say in words what must hold", "/shapes", "#Recommendation-hasDirective",
             "What a recommendation has is a directive"),
        says("an article is found with its title", "/search?q=art.+16(5)", "#lead", "Protection and assistance measures"),
        says("a search says when only some of the words were found", "/search?q=hotlines+zebra", "main",
             "these have some"),
        says("keys of sorting do not reach readers of an answer", "/queries/what-is-unodc-asked", "table.result",
             never=("1 directly",)),
        says("nor those of a recommendation", "/queries/everything-about-a-recommendation", "table.result",
             never=("01 Text",)),
        says("parameters are no columns", "/queries/what-is-unodc-asked", "table.result thead", never=("Actor",)),
        *(says(f"paragraph {number} of the introduction tells what it cites", f"{PARAGRAPH}/{number}", "#cited", "")
          for number in (1, 2, 3, 4)),
        says("nothing found says so", "/recommendations?section=VI&addressee=conference-of-the-parties", "main",
             "No recommendation passes all of these filters"),
    ],
)  # fmt: skip
def test_a_page_says(path: str, place: str, words: Sequence[str], never: Sequence[str], visit: Visit) -> None:
    text = visit(path).at(place).text
    assert [each for each in words if each not in text] == []
    assert [each for each in never if each in text] == []


REPORT, REVIEW = "/doc/document/harbour-group-2024", "/doc/document/review-of-azuria-2024"
RESOLUTION, BODY = "/doc/document/res-78-901", "Conference on Safe Harbours"


@pytest.mark.parametrize(
    ("path", "place", "words", "never"),
    [
        says("a report names its kind, body, date and symbol", REPORT, "main", "Report", BODY, "18 March 2024",
             "CSH/WG.4/2024/3", never=("Vienna",)),
        says("a report is cited by its body and symbol", f"{REPORT}/paragraph/7", "p.citation",
             f"{BODY}, Working Group on Trafficking through Harbours, “Report on the meeting",
             "18 March 2024, CSH/WG.4/2024/3, para. 7, ", never=("note by",)),
        says("a meeting is that of the body that met", "/doc/meeting/harbour-group-2024", "main", "Geneva"),
        says("a correction that a recommendation asks nothing stands there with its author", f"{REPORT}/paragraph/9",
             "main", "Corrected by", "(asks nothing): It only takes note of an offer.", never=("What it asks",)),
        says("a line of a note is a paragraph", "/doc/document/nota-costas-2023/paragraph/5", "h1", "Paragraph 5"),
        says("a paragraph names its section", "/doc/document/nota-costas-2023/paragraph/5", "main",
             "Cooperación entre autoridades costeras"),
        says("a resolution shows its preamble", RESOLUTION, "main", "Resolution",
             "Noting with concern that accidents on ferries are seldom reported,"),
        says("a paragraph of a resolution is a recommendation", f"{RESOLUTION}/paragraph/4", "h1", "Recommendation 4"),
        says("the source text is served", RESOLUTION, "main", "res-78-901.md"),
        says("a number with a point is shown as it is printed", f"{REVIEW}/paragraph/7-2", "h1", "Recommendation 7.2"),
        says("a table is a part of the text", REVIEW, "main", "Year | Visits"),
        says("a note stands with the paragraph that has its mark", f"{REVIEW}/paragraph/1", "ul.notes",
             "1 The programme is in document CSH/RG/12/1; see also resolution 10/4."),
        says("what a note leaves open is said", f"{REVIEW}/paragraph/1", "main", "Not resolved: resolution 10/4"),
        says("a search takes other words from the reference data", "/search?q=minors", "main", "these have children"),
    ],
)  # fmt: skip
def test_a_page_of_invented_documents_says(
    path: str, place: str, words: Sequence[str], never: Sequence[str], visit_unlike: Visit
) -> None:
    test_a_page_says(path, place, words, never, visit_unlike)


PROTOCOLS = ["/doc/instrument/trafficking-protocol", "/doc/instrument/smuggling-protocol"]


def test_the_protocol_of_a_report_is_the_one_that_it_means(visit_unlike: Visit) -> None:
    leads = visit_unlike(f"{REPORT}/paragraph/4").one("main").hrefs
    assert [protocol in leads for protocol in PROTOCOLS] == [True, False]


READ = {
    ("/doc/group/women", "h1"): "Women",  # not "Women, also: women"
    (f"{PROTOCOL}", "#citing h2 span.count"): "16",
    (f"{PARAGRAPH}/2", "h1"): "Paragraph 2",
    (DOCUMENT, "#paragraph-79 p.cited"): "cites Article 18, Smuggling of Migrants Protocol",
    ("/shapes", "#ActorKind h2"): "Kind of actor part of other checks",  # not said to have looked at nothing
    (f"{PARAGRAPH}/24", "blockquote"): (
        "States parties may wish to consider involving their consular and diplomatic representations abroad in enhancing "
        "the protection of smuggled migrants and the provision of assistance to such migrants. In case of detention, "
        "States parties should give special attention to their obligations under the Vienna Convention on Consular "
        "Relations, as referred to in article 16, paragraph 5, of the Smuggling of Migrants Protocol."
    ),
    (f"{PARAGRAPH}/24", "p.citation"): (
        "Conference of the Parties to the United Nations Convention against Transnational Organized Crime, Working Group on "
        "the Smuggling of Migrants, “Consolidated recommendations of the Working Group on the Smuggling of Migrants,” note "
        f"by the Secretariat, 25 August 2015, para. 24, {DEFAULT_BASE}id/document/som-wg-2015/paragraph/24."
    ),
}


@pytest.mark.parametrize(("path", "place"), READ)
def test_a_place_on_a_page_has_these_words_and_no_others(path: str, place: str, visit: Visit) -> None:
    assert visit(path).at(place).text == READ[path, place]


COUNTED = {
    (DOCUMENT, "article.sheet", "h2", "depth-1"): 7,
    (DOCUMENT, "article.sheet", "h2", "depth-2"): 12,
    (DOCUMENT, "nav.sheet-contents", "a", ""): 7 + 12,
    (DOCUMENT, "article.sheet", "p", "sheet-item"): 5,
    (PROTOCOL, "main", "li", "contents-chapter"): 4,
    (PROTOCOL, "main", "li", "contents-article"): 25,
}


@pytest.mark.parametrize(("path", "place", "tag", "class_"), COUNTED)
def test_a_page_has_as_many_parts_as_its_source(path: str, place: str, tag: str, class_: str, visit: Visit) -> None:
    assert len(visit(path).at(place).all(tag, class_)) == COUNTED[path, place, tag, class_]


LEADS = {
    (f"{PARAGRAPH}/84", "header.title"): ["/doc/meeting/som-wg-2013"],
    (f"{PARAGRAPH}/24", "aside.margin"): ["/shapes#Recommendation"],
    ("/queries/which-of-2013-take-up-one-of-2012", "main"): ["/takes-up"],
    ("/queries/which-articles-for-whom", "main"): ["/crossref?by=addressee"],
    ("/search?q=zebra", "main"): ["/recommendations", "/articles", "/themes"],
    ("/search?q=return", "main"): ["/recommendations?q=return&sort=relevance"],
    (f"{PROTOCOL}/article/16", "#related"): ["/about#correct"],
}


@pytest.mark.parametrize(("path", "place"), LEADS)
def test_a_place_on_a_page_leads_to(path: str, place: str, visit: Visit) -> None:
    assert set(LEADS[path, place]) <= visit(path).at(place).hrefs


NEIGHBOURS = {
    f"{PARAGRAPH}/1": ("", f"{PARAGRAPH}/2"),
    f"{PARAGRAPH}/24": (f"{PARAGRAPH}/23", f"{PARAGRAPH}/25"),
    f"{PARAGRAPH}/92": (f"{PARAGRAPH}/91", ""),
    f"{PROTOCOL}/article/10": (f"{PROTOCOL}/article/9", f"{PROTOCOL}/article/11"),  # across the border of a chapter
}


@pytest.mark.parametrize("path", NEIGHBOURS)
def test_neighbours_are_the_numbers_before_and_after(path: str, visit: Visit) -> None:
    page = visit(path)
    found = tuple("".join(link.attributes["href"] for link in page.all("a", rel=rel)) for rel in ("prev", "next"))
    assert found == NEIGHBOURS[path]
