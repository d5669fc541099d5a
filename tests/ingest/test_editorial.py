"""The tables that people edit: what they say is taken as it is, and what cannot be meant is named with its line."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from ingest.editorial import Editorial, EditorialLink, read_editorial
from ingest.errors import SourceError
from ingest.judged_texts import fingerprint, recommended_texts
from ingest.reading import read_document
from ontology.layout import ROOT

SLUG = "som-wg-2015"
KNOWN = frozenset(range(5, 93))
THEMES = "recommendation,theme\n"
JUDGED_THEMES = "recommendation,theme,reason,confidence,agent,review_status\n"
CONCORDANCE = "recommendation,provision,reason,confidence,agent,review_status\n"
RETURN = EditorialLink(24, "theme", "id/theme/return", "theme/return")
RELATIONS = "recommendation,relation,earlier,reason,confidence,agent,review_status\n"


def read(folder: Path, **tables: str | bytes) -> Editorial:
    """What the reader makes of tables with these contents."""
    home = folder / SLUG
    home.mkdir()
    for name, content in tables.items():
        (home / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_editorial(folder, SLUG, KNOWN)


def test_a_row_of_each_table_becomes_a_judgement(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        themes=JUDGED_THEMES + "24,return,It asks for it.,high,palermo-editors,unreviewed\n25,pending,,,,\n",
        concordance=CONCORDANCE
        + '25,smuggling-protocol/article/14/paragraph/2,"Both, in one.",high,palermo-editors,unreviewed\n',
        relations=RELATIONS + "27,sharpens,16,It says how.,medium,palermo-editors,unreviewed\n",
    )
    assert found.links == (
        EditorialLink(24, "theme", "id/theme/return", "theme/return", "It asks for it.", "high", "palermo-editors", "unreviewed"),
        EditorialLink(
            25, "relatesTo", "id/instrument/smuggling-protocol/article/14/paragraph/2",
            "smuggling-protocol/article/14/paragraph/2", "Both, in one.", "high", "palermo-editors", "unreviewed",
        ),
        EditorialLink(
            27, "sharpens", "id/document/som-wg-2015/paragraph/16", "paragraph/16", "It says how.", "medium",
            "palermo-editors", "unreviewed",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell", ["palermo-editors jane-doe", " palermo-editors   jane-doe ", "palermo-editors\u00a0jane-doe"]
)
def test_an_agent_cell_names_who_suggested_and_who_reviewed(tmp_path: Path, cell: str) -> None:
    # CONTRIBUTING.md, "Correct a judgement".
    rows = CONCORDANCE + f"24,smuggling-protocol/article/16,Why.,high,{cell},reviewed\n"
    (link,) = read(tmp_path, concordance=rows).links
    assert (link.agent, link.review_status) == ("palermo-editors jane-doe", "reviewed")


def test_a_document_without_tables_has_no_judgements(tmp_path: Path) -> None:
    assert read_editorial(tmp_path, SLUG, KNOWN) == Editorial()


@pytest.mark.parametrize(
    "content", ["\ufeffrecommendation,theme\r\n24,return\r\n", "theme,recommendation,note\nreturn, 24 ,why\n"]
)
def test_what_a_spreadsheet_saves_is_read(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, themes=content).links == (RETURN,)


REVIEWED = CONCORDANCE.replace("\n", ",reviewed\n")
LINKED = "smuggling-protocol/article/16,Why.,high"
GOOD = f"{LINKED},palermo-editors,unreviewed\n"


@pytest.mark.parametrize(
    ("table", "content", "line", "words"),
    [
        ("themes", "recommendation\n24\n", 1, "the column 'theme' is missing"),
        ("themes", "", 1, "an empty file|the column 'recommendation' is missing"),
        ("themes", THEMES + "24,return\n93,return\n", 3, "recommendation '93'"),
        ("themes", THEMES + "4,return\n", 2, "recommendation '4'"),
        ("themes", THEMES + "٢٤,return\n", 2, "recommendation '٢٤'"),
        ("themes", THEMES + "24,\n", 2, "an empty 'theme'"),
        ("themes", THEMES + "24\n", 2, "an empty 'theme'"),
        ("themes", THEMES + "24,root causes\n", 2, "theme 'root causes'"),
        ("themes", THEMES + "24,Return\n", 2, "theme 'Return'"),
        ("themes", THEMES + "24,return\n25,return\n24,return\n", 4, "recommendation 24 and 'return' a second time"),
        ("themes", THEMES + "24,return,home\n", 2, "more values than columns"),
        ("themes", THEMES + '24,"return"s\n', 2, "a row that cannot be read"),
        ("themes", THEMES.encode() + b"24,retour\xe9\n", 2, "the byte 0xe9"),
        ("themes", THEMES + "24,return\x07\n", 2, r"the character U\+0007"),
        ("concordance", CONCORDANCE + "24,article 16," + GOOD.partition(",")[2], 2, "provision 'article 16'"),
        ("concordance", CONCORDANCE + "24,smuggling-protocol/16," + GOOD.partition(",")[2], 2, "provision 'smuggling-protocol/16'"),
        ("concordance", CONCORDANCE + "24," + GOOD.replace("high", "sure"), 2, "confidence 'sure'"),
        ("concordance", CONCORDANCE + "24," + GOOD.replace("Why.", ""), 2, "an empty 'reason'"),
        ("concordance", CONCORDANCE + "24," + GOOD.replace("Why.", "Why, then."), 2, "more values than columns"),
        ("concordance", CONCORDANCE + "24," + GOOD.replace("palermo-editors", "Jane Doe"), 2, "agent 'Jane'"),
        ("concordance", CONCORDANCE + 2 * ("24," + GOOD), 3, "a second time"),
        ("concordance", CONCORDANCE + '24,smuggling-protocol/article/16,"Why\nnot.",sure,me,x\n', 3, "confidence 'sure'"),
        ("concordance", f"{REVIEWED}24,{LINKED},palermo-editors jane-doe,reviewed,yesterday\n", 2, "reviewed 'yesterday'"),
        ("concordance", f"{REVIEWED}24,{LINKED},palermo-editors jane-doe,reviewed,11/28/2026\n", 2, "line 2, column reviewed: reviewed '11/28/2026'"),
        ("concordance", f"{REVIEWED}24,{LINKED},palermo-editors jane-doe,reviewed rejected,\n", 2, "2 values of 'review_status'"),
        ("themes", JUDGED_THEMES + "24,return,,high,palermo-editors,unreviewed\n", 2, "an empty 'reason'"),
        ("relations", RELATIONS + "27,repeats,16,Why.,high,palermo-editors,unreviewed\n", 2, "relation 'repeats'"),
        ("relations", RELATIONS + "27,restates,99,Why.,high,palermo-editors,unreviewed\n", 2, "recommendation '99'"),
        ("relations", RELATIONS + "27,restates,16,Why.,high,me,x\n27,softens,16,Why.,high,me,x\n", 3, "a second time"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_meant_is_named_with_file_and_line(
    tmp_path: Path, table: str, content: str | bytes, line: int, words: str
) -> None:
    with pytest.raises(SourceError, match=words) as wrong:
        read(tmp_path, **{table: content})
    assert wrong.value.file == tmp_path / SLUG / f"{table}.csv"
    assert wrong.value.line == line
    assert wrong.value.expected


def test_the_tables_of_the_document_are_read_row_by_row() -> None:
    found = read_editorial(ROOT / "ingest" / "editorial", SLUG, KNOWN)

    themes = [link for link in found.links if link.relation == "theme"]
    assert len(themes) == len(judgements("themes"))
    assert len(found.links) == sum(len(judgements(name)) for name in ("concordance", "relations", "themes"))
    assert {link.recommendation for link in themes} == set(KNOWN), "Every recommendation has a theme."


def test_only_recommendations_of_the_second_meeting_take_up_those_of_the_first() -> None:
    # The sections' parts A hold what was adopted in 2012, the parts B what was adopted in 2013.
    second = {*range(14, 16), *range(27, 30), *range(42, 47), *range(64, 82), 84, *range(89, 93)}
    found = read_editorial(ROOT / "ingest" / "editorial", SLUG, KNOWN)
    relations = [link for link in found.links if link.relation not in {"relatesTo", "theme"}]
    assert relations
    for link in relations:
        assert link.recommendation in second
        assert int(link.link.removeprefix("paragraph/")) in KNOWN - second


@pytest.mark.parametrize(
    ("tail", "reviewers", "status", "days"),
    [
        ("palermo-editors,unreviewed,", [], "unreviewed", ""),
        ("palermo-editors jane-doe,reviewed,2026-11-28", ["jane-doe"], "reviewed", "2026-11-28"),
        ("jane-doe,reviewed,2026-11-28", ["jane-doe"], "reviewed", "2026-11-28"),
        ("jane-doe,Reviewed,", ["jane-doe"], "reviewed", ""),
        ("palermo-editors jane-doe john-roe,reviewed,2026-11-28", ["jane-doe", "john-roe"], "reviewed", "2026-11-28"),
        ("palermo-editors jane-doe john-roe,reviewed rejected,2026-11-28 2026-11-30", ["jane-doe", "john-roe"], "disputed", "2026-11-28 2026-11-30"),
        ("palermo-editors jane-doe,rejected,2026-11-28", ["jane-doe"], "rejected", "2026-11-28"),
        # as spreadsheets of many countries write a day
        ("palermo-editors jane-doe,reviewed,28.11.2026", ["jane-doe"], "reviewed", "2026-11-28"),
        ("palermo-editors jane-doe,reviewed,20261128", ["jane-doe"], "reviewed", "2026-11-28"),
    ],
)  # fmt: skip
def test_reviewers_what_they_decided_together_and_when(
    tmp_path: Path, tail: str, reviewers: list[str], status: str, days: str
) -> None:
    (link,) = read(tmp_path, concordance=f"{REVIEWED}24,{LINKED},{tail}\n").links
    assert (link.reviewers, link.status, link.reviewed) == (reviewers, status, days)


def judgements(name: str) -> list[dict[str, str]]:
    with (ROOT / "ingest" / "editorial" / SLUG / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_nobody_is_invented() -> None:
    rows = [row for name in ("themes", "concordance", "relations") for row in judgements(name)]
    assert {(row["agent"], row["review_status"]) for row in rows} == {("palermo-editors", "unreviewed")}


def test_no_reason_calls_a_recommendation_a_duty_a_prohibition_or_a_demand() -> None:
    # Such words are for the treaty: they stand in a clause that names its provision, or are the recommendation's own.
    words = re.compile(
        r"\b(dut(?:y|ies)|forbid|prohibit|demands|demand(?:ed|ing)|oblig|requir|must|owed|orders)", re.IGNORECASE
    )
    texts = recommended_texts(read_document(ROOT / "ingest" / "sources" / f"{SLUG}.toml"))
    for row in [row for name in ("concordance", "themes", "relations") for row in judgements(name)]:
        for clause in row["reason"].split(";"):
            said = [word for word in words.findall(clause) if word.lower() not in texts[row["recommendation"]].lower()]
            assert not said or re.search("paragraph|article|item", clause), row


def provisions_of(number: int) -> set[str]:
    return {row["provision"] for row in judgements("concordance") if row["recommendation"] == str(number)}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        # "the acts covered by … the Organized Crime Convention": its articles 5, 6, 8 and 23 (article 3, paragraph 1 (a)).
        (31, {f"untoc/article/{article}" for article in (5, 6, 8, 23)}),
        # "penalties for companies": the liability of legal persons.
        (13, {"untoc/article/10"}),
        (40, {"untoc/article/7", "untoc/article/9"}),
        # "testify from their countries of origin"; "legally return … in order to testify".
        (35, {"untoc/article/18/paragraph/3/letter/a", "untoc/article/18/paragraph/3/letter/h", "untoc/article/24/paragraph/1"}),
        (39, {"untoc/article/28"}),
        # "strengthening legal frameworks" in order "to implement the Protocol".
        (46, {"smuggling-protocol/article/14/paragraph/3", "smuggling-protocol/article/6"}),
        # "training sessions on fraudulent documents"; "visa on arrival"; "investigations and prosecutions".
        (90, {"smuggling-protocol/article/14/paragraph/2/letter/b", "smuggling-protocol/article/12",
              "smuggling-protocol/article/11/paragraph/1", "untoc/article/11", "smuggling-protocol/article/6"}),
    ],
)  # fmt: skip
def test_provisions_that_the_words_name_are_linked(number: int, expected: set[str]) -> None:
    assert expected <= provisions_of(number)


def test_coordination_inside_one_state_has_no_provision_between_states() -> None:
    # The opening words of article 27, paragraph 1: "with one another". 8 and 77 name liaison officers.
    rows = judgements("concordance")
    linked = {row["recommendation"] for row in rows if row["provision"].endswith("27/paragraph/1/letter/d")}
    assert linked == {"8", "77"}
    assert not any(provisions_of(number) for number in (47, 64, 65, 68))


def test_means_and_distant_ends_are_no_subject() -> None:
    # "by requesting technical assistance, where necessary" (66); centres that would "enable" contact with others (87).
    assert "smuggling-protocol/article/14/paragraph/3" not in provisions_of(66)
    assert "untoc/article/27/paragraph/1" not in provisions_of(87)
    # Neither the sea nor borders are named in 72.
    assert not {each.split("/")[2] for each in provisions_of(72) if each.startswith("smuggling")} & {"7", "11"}


def test_all_that_ask_the_secretariat_are_linked_to_the_article_on_it() -> None:
    linked = {row["recommendation"] for row in judgements("concordance") if "untoc/article/33" in row["provision"]}
    assert linked == {"46", "70", "87"}


FORCE = {"should": 5, "urged": 5, "encouraged": 4, "invited": 3, "may-wish": 2, "could": 1, "may": 1}
"""The scale of `docs/conventions.md`; what is requested or recommended has no place on it."""


def asked(number: str) -> list[tuple[bool, int]]:
    """Whether each directive of a recommendation asks to act, and how strongly, as readers wrote it down."""
    path = ROOT / "tests" / "gold" / SLUG / "directives.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        (row["consider_only"] == "false", FORCE.get(row["modality"], 0)) for row in rows if row["paragraph"] == number
    ]


def test_every_relation_keeps_its_criterion_and_quotes_the_texts() -> None:
    texts = recommended_texts(read_document(ROOT / "ingest" / "sources" / f"{SLUG}.toml"))
    for row in judgements("relations"):
        later, earlier = asked(row["recommendation"]), asked(row["earlier"])
        if row["relation"] == "sharpens":
            assert max(later) >= min(earlier), row
        if row["relation"] == "softens":
            assert max(later) < max(earlier), row
        both = f"{texts[row['recommendation']]} {texts[row['earlier']]}"
        assert all(words in both for words in re.findall(r"'([^']+)'", row["reason"])), row


def test_a_row_that_waits_for_a_theme_of_a_recommendation_that_is_gone_stops_nothing(tmp_path: Path) -> None:
    texts = dict.fromkeys(map(str, KNOWN), "words")
    header = "recommendation,theme,reason,confidence,agent,review_status,judged_text\n"
    rows = f"24,pending,,,,,{fingerprint('words')}\n93,pending,,,,,{fingerprint('words that were 93')}\n"
    read(tmp_path, themes=header)
    table = tmp_path / SLUG / "themes.csv"
    table.write_text(header + rows, encoding="utf-8")
    assert read_editorial(tmp_path, SLUG, KNOWN, texts) == Editorial()
    table.write_text(f"{header}93,pending,,,,,\n", encoding="utf-8")
    with pytest.raises(SourceError, match="recommendation '93'"):
        read_editorial(tmp_path, SLUG, KNOWN, texts)
