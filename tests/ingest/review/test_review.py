"""What a decision does to a table, who gets into the bench, and what rules suggest for a new document."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ingest.corpus import BuildSettings
from ingest.corrections import correct
from ingest.document import Document
from ingest.editorial import read_editorial
from ingest.errors import BuildError
from ingest.extraction import Extraction, extract
from ingest.judged_texts import fingerprint
from ingest.reading import read_document
from ingest.reference import lexicon
from ingest.review.bench import Bench
from ingest.review.decisions import Reviewer, decided, describe, opinions, reviewer_of
from ingest.review.desk import Desk, Filter
from ingest.review.suggesting import Judged, judged_before, suggest
from ingest.review.tables import read_table
from ingest.review.texts import Recommendation, marked, stems
from ontology.layout import ROOT
from ontology.terms import Names
from tests.cases import case

DAY, NEXT = date(2026, 11, 28), date(2026, 11, 30)
SLUG = "som-wg-2015"
RECOMMENDED = frozenset(range(5, 93))
ROW = {
    "recommendation": "24", "theme": "return", "reason": "It asks for it.", "confidence": "high",
    "agent": "palermo-editors", "review_status": "unreviewed",
}  # fmt: skip


def copied(folder: Path) -> BuildSettings:
    """The checkout's settings on copies of the tables and the reference data."""
    for name in ("ingest/editorial", "ontology", "shapes"):
        shutil.copytree(ROOT / name, folder / name)
    return replace(BuildSettings(), root=folder, editorial=folder / "ingest/editorial")


@pytest.fixture
def settings(tmp_path: Path) -> BuildSettings:
    return copied(tmp_path)


@pytest.fixture
def desk(settings: BuildSettings) -> Desk:
    return Desk(settings, "jane-doe", DAY)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk at which nothing is decided."""
    return Desk(copied(tmp_path_factory.mktemp("untouched")), "jane-doe", DAY)


def test_two_reviewers_of_one_row_are_both_kept() -> None:
    first = decided(ROW, "jane-doe", "accept", DAY)
    assert (first["agent"], first["review_status"]) == ("palermo-editors jane-doe", "reviewed")
    second = decided(first, "john-roe", "reject", NEXT)
    assert second["agent"] == "palermo-editors jane-doe john-roe"
    assert (second["review_status"], second["reviewed"]) == ("reviewed rejected", "2026-11-28 2026-11-30")
    assert opinions(second) == {"jane-doe": ("reviewed", "2026-11-28"), "john-roe": ("rejected", "2026-11-30")}
    agreed = decided(second, "john-roe", "accept", NEXT)
    assert agreed["review_status"] == "reviewed"


def test_a_decision_changes_its_line_and_no_other_byte(settings: BuildSettings, desk: Desk) -> None:
    path = settings.editorial / SLUG / "themes.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n").replace(b"5,sanctions,", b'"5","sanctions",')
    )
    before = path.read_bytes().split(b"\r\n")
    judgement = desk.queue(Filter(table="themes"))[0]
    desk.decide(judgement, "accept", {})
    after = path.read_bytes().split(b"\r\n")
    assert [line for line, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [1]
    assert after[0].startswith(b"\xef\xbb\xbfrecommendation,")
    assert read_editorial(settings.editorial, SLUG, RECOMMENDED).links[0].reviewers == ["jane-doe"]
    desk.undo()
    assert path.read_bytes().split(b"\r\n") == before


WRITTEN = [
    (";", "\ufeff", "csv"),
    (";", "sep=;\r\n", "csv"),
    ("\t", "", "csv"),
    ("\t", "\ufeff", "tsv"),
    (",", "# a remark\r\n", "csv"),
]


def test_a_table_keeps_the_separator_that_its_spreadsheet_wrote(settings: BuildSettings, desk: Desk) -> None:
    path = settings.editorial / SLUG / "themes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for separator, before, suffix in WRITTEN:
        with case(separator, before, suffix):
            path.unlink()
            path = path.with_suffix(f".{suffix}")
            with path.open("w", encoding="utf-8", newline="") as file:
                file.write(before)
                csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(rows)
            old = path.read_bytes().split(b"\r\n")
            desk.decide(desk.queue(Filter(table="themes"))[0], "accept", {})
            new = path.read_bytes().split(b"\r\n")
            changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
            assert changed[-1][1].decode().split(separator)[4:6] == ["palermo-editors jane-doe", "reviewed"]
            assert len(changed) <= 2, "one line, and the head where it gets a column"
            assert path.read_bytes().startswith(before.encode())
            assert read_editorial(settings.editorial, SLUG, RECOMMENDED).links[0].reviewers == ["jane-doe"]
            desk.undo()
            assert path.read_bytes().split(b"\r\n")[2:] == old[2:]


def test_words_that_half_of_the_recommendations_have_are_what_the_corpus_is_about(untouched: Desk) -> None:
    source = (ROOT / "ingest" / "sources" / f"{SLUG}.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:[5-9]|[1-9][0-9])\. (.+)$", source, re.MULTILINE)
    assert sum("smuggl" in line.lower() for line in lines) >= len(lines) / 2 > sum("vessel" in line for line in lines)
    assert "smuggl" in untouched.subject
    assert "vessel" not in untouched.subject


@pytest.mark.parametrize(
    ("suffix", "encoding", "kind"),
    [(".csv", "utf-16", "a table in UTF-16"), (".xlsx", "utf-8", "a workbook")],
    ids=lambda value: value,
)
def test_a_table_of_which_no_row_can_be_written_by_itself_is_refused_before_the_first_judgement(
    suffix: str, encoding: str, kind: str, settings: BuildSettings
) -> None:
    path = settings.editorial / SLUG / "themes.csv"
    path.rename(path.with_suffix(suffix)).write_bytes(path.with_suffix(suffix).read_bytes().decode().encode(encoding))
    with pytest.raises(BuildError, match=rf"{kind}, in which no single row can be written.*save it as CSV"):
        Desk(settings, "jane-doe", DAY)


def test_what_another_program_saved_meanwhile_is_kept(settings: BuildSettings, desk: Desk) -> None:
    path = settings.editorial / SLUG / "relations.csv"
    judgement = desk.queue(Filter(table="relations"))[0]
    path.write_text(path.read_text().replace("Carries the special needs", "Brings the special needs"))
    desk.decide(judgement, "reject", {})
    assert "Brings the special needs" in path.read_text()


def test_the_queue_is_by_article_theme_confidence_and_disagreement(untouched: Desk) -> None:
    assert {each.number for each in untouched.queue(Filter(article="untoc/article/33"))} == {"46", "70", "87"}
    assert {each.number for each in untouched.queue(Filter(theme="detention"))} == {"24"}
    assert {each.cells["confidence"] for each in untouched.queue(Filter(confidence="medium"))} == {"medium"}
    first = untouched.queue(Filter(table="concordance", first="disagreements"))
    assert untouched.disputed(first[0])
    assert not untouched.disputed(first[-1])
    # The second reader would drop the link of 36 to article 13; readers A and B had it, and the third keeps it.
    (each,) = (each for each in first if each.number == "36" and each.value == "untoc/article/13")
    assert [reading.held for reading in untouched.readings(each)] == [True, True, False, True]


def test_a_row_that_cannot_be_meant_is_not_written(untouched: Desk) -> None:
    link = untouched.queue(Filter(table="concordance"))[0]
    assert untouched.problem(link, {"provision": "untoc/article/99"})
    assert untouched.problem(link, {"confidence": "sure"})
    assert untouched.problem(untouched.queue(Filter(table="relations"))[0], {"earlier": "4"})
    assert not untouched.problem(link, {"provision": "untoc/article/5", "reason": "Why."})


def client_of(desk: Desk, *, enter: bool = True) -> TestClient:
    """A browser at the bench of a desk; one that enters has followed the address that its owner was shown."""
    bench = Bench(desk, Reviewer("jane-doe", "Jane Doe"), lambda: None)
    made = TestClient(bench.app(), base_url="http://127.0.0.1:4242")
    if enter:
        assert made.get(f"/?token={bench.token}").status_code == 200
    return made


def test_the_address_opens_the_bench_once_and_other_hosts_and_sites_are_refused(untouched: Desk) -> None:
    inside = client_of(untouched)
    assert "Recommendation 5" in inside.get("/").text
    for path in ("/?token=wrong", "/"):
        assert client_of(untouched, enter=False).get(path).status_code == 403
    assert inside.get("/", headers={"Host": "bench.example:4242"}).status_code == 403
    foreign = inside.post("/decide", data={"decision": "accept"}, headers={"Origin": "https://bench.example"})
    assert foreign.status_code == 403


def test_a_finding_is_confirmed_from_the_page_without_a_reason(desk: Desk, settings: BuildSettings) -> None:
    inside = client_of(desk)
    # 5 has "States parties" first, and its directive asks only to consider.
    shown = inside.get("/?table=mentions").text
    assert "is read as actor/states-parties" in shown
    assert '<input name="words"' not in shown, "the words are what the finding is about"
    form = {"judgement": f"{SLUG}|mentions|5||States parties|1", "decision": "accept", "names": "actor/states-parties"}
    inside.post("/decide?table=mentions", data={**form, "cites": "no", "reason": ""})
    (record,) = read_table(settings.editorial / SLUG / "mentions.csv").records
    assert (record.cells["change"], record.cells["reason"]) == ("confirm", "It is as the rules read it.")


@pytest.mark.parametrize(
    ("change", "directive", "addressee", "shown"),
    [("asks nothing", "", "", "asks nothing"), ("correct", "1", "unodc", "correct · Addressees: unodc")],
)
def test_a_row_written_by_hand_says_what_it_changes_and_stays_as_it_is_when_it_is_accepted(
    desk: Desk, settings: BuildSettings, change: str, directive: str, addressee: str, shown: str
) -> None:
    columns = "recommendation,change,directive,words,operative,modality,addressee,asked,consider_only,reason,agent"
    path = settings.editorial / SLUG / "directives.csv"
    path.write_text(f"{columns}\n5,{change},{directive},,,,{addressee},,,It reports.,john-roe\n", encoding="utf-8")
    inside = client_of(desk)
    page = inside.get("/?table=directives").text
    assert f"<p>{shown}</p>" in page
    assert "suggested by john-roe" in page
    # What a browser sends: the options that the page shows as selected, and the inputs as they are.
    name = re.search(r'name="judgement" value="([^"]+)"', page)
    assert name is not None
    chosen = {
        field: (
            re.search(r'<option value="([^"]*)" selected', options) or re.search(r'<option value="([^"]*)"', options)
        )
        for field, options in re.findall(r'<select name="(modality|consider_only)"[^>]*>(.*?)</select>', page)
    }
    assert {field: option and option[1] for field, option in chosen.items()} == {"modality": "", "consider_only": ""}
    form = {"modality": "", "consider_only": "", "addressee": addressee, "reason": "It reports."}
    inside.post("/decide?table=directives", data={"judgement": name[1], "decision": "accept", **form})
    (record,) = read_table(path).records
    assert {column: value for column, value in record.cells.items() if value and column != "judged_text"} == {
        column: value
        for column, value in {
            "recommendation": "5", "change": change, "directive": directive, "addressee": addressee,
            "reason": "It reports.", "agent": "john-roe jane-doe", "review_status": "reviewed",
            "reviewed": "2026-11-28",
        }.items()
        if value
    }  # fmt: skip


@pytest.mark.parametrize(
    ("table", "edits", "words"),
    [
        ("directives", {"addressee": "The Ministers"}, "addressee 'The'; expected: the slugs of actors"),
        ("directives", {"operative": "must"}, "operative 'must'; expected: words of the directive"),
        ("mentions", {"names": "States parties"}, "names 'States parties'; expected: a path such as"),
    ],
)
def test_a_correction_that_a_build_would_refuse_is_not_written(
    untouched: Desk, table: str, edits: dict[str, str], words: str
) -> None:
    first = untouched.queue(Filter(table=table))[0]
    with pytest.raises(KeyError, match=words):
        untouched.decide(first, "accept", {**first.cells, **edits, "reason": "So it is."})
    assert not (untouched.settings.editorial / SLUG / f"{table}.csv").exists()


def test_whoever_judges_a_link_sees_the_sentence_and_the_way_to_the_official_text(untouched: Desk) -> None:
    shown = client_of(untouched).get("/?table=concordance").text
    assert "The provision, in our words (not authentic)" in shown
    assert '<a href="https://treaties.un.org/' in shown
    assert "suggested by a language model, not reviewed by a person" in shown


def recommendation(number: int, text: str, *cites: str) -> Recommendation:
    return Recommendation("first-doc", str(number), text, cites, stems(text))


def test_rules_suggest_what_was_judged_where_the_same_provision_is_cited_or_the_same_words_stand() -> None:
    judged = [
        Judged(
            recommendation(1, "Hotlines.", "untoc/article/20"), frozenset({"evidence"}), frozenset({"untoc/article/24"})
        ),
        Judged(recommendation(2, "Vessels detected offshore by coastguards."), frozenset({"sea"}), frozenset()),
    ]
    by_citation = list(suggest(replace(recommendation(7, "Other.", "untoc/article/20"), document="new"), judged))
    assert [(each.table, each.value) for each in by_citation] == [
        ("themes", "evidence"), ("concordance", "untoc/article/24"),
    ]  # fmt: skip
    assert (
        by_citation[0].reason
        == "Suggested by a rule: recommendation 1 of first-doc, which cites the same provision, has it."
    )
    assert by_citation[0].cells()["agent"] == "palermo-suggestions"
    by_words = list(suggest(recommendation(8, "Coastguards should detect vessels offshore."), judged))
    assert [(each.table, each.value) for each in by_words] == [("themes", "sea")]
    assert list(suggest(recommendation(9, "Something else altogether."), judged)) == []


def test_rules_suggest_what_recommendations_with_the_same_theme_are_linked_to() -> None:
    judged = [
        Judged(recommendation(number, "Vessels offshore."), frozenset({"sea"}), frozenset({"untoc/article/19"}))
        for number in (1, 2, 3)
    ]
    judged.append(
        Judged(recommendation(4, "Vessels detected offshore.", "untoc/article/20"), frozenset({"sea"}), frozenset())
    )
    found = list(suggest(recommendation(9, "Unlike words.", "untoc/article/20"), judged))
    assert ("concordance", "untoc/article/19") in [(each.table, each.value) for each in found]
    assert "3 of 4 recommendations with the theme sea are linked to it" in found[-1].reason


def test_same_words_suggest_what_a_recommendation_has_when_it_is_left_out(untouched: Desk) -> None:
    rows = [(slug, table.path.stem, record.cells) for slug, table in untouched.tables() for record in table.records]
    judged = [each for each in judged_before(untouched.texts, rows) if each.recommendation.document == SLUG]
    right, made = Counter[str](), Counter[str]()
    for each in judged:
        alone = replace(each.recommendation, cites=())
        for found in suggest(alone, [other for other in judged if other is not each]):
            if "same words" in found.reason:
                made[found.table] += 1
                right[found.table] += (found.table, found.value) in each.values
    assert right["themes"] >= 0.43 * made["themes"] > 40
    assert right["concordance"] >= 0.3 * made["concordance"] > 40


def test_an_accepted_suggestion_takes_the_place_of_the_pending_row(settings: BuildSettings) -> None:
    shutil.copytree(settings.editorial / SLUG, settings.editorial / "copy")
    sources = settings.root / "sources"
    shutil.copytree(BuildSettings().sources, sources)
    for suffix in (".md", ".toml"):
        text = (sources / f"{SLUG}{suffix}").read_text(encoding="utf-8").replace(SLUG, "copy")
        (sources / f"copy{suffix}").write_text(text, encoding="utf-8")
    themes = settings.editorial / "copy/themes.csv"
    themes.write_text("recommendation,theme,reason,confidence,agent,review_status\n24,pending,,,,\n25,pending,,,,\n")
    (settings.editorial / "copy/concordance.csv").write_text(
        "recommendation,provision,reason,confidence,agent,review_status\n"
    )
    desk = Desk(replace(settings, sources=sources), "jane-doe", DAY)
    suggested = desk.queue(Filter(document="copy", table="themes"))
    # 24 and 25 of the copy have the very words of 24 and 25, which are judged.
    assert {each.value for each in suggested if each.number == "24"} >= {"consular-assistance", "detention"}
    assert all(each.new and each.cells["agent"] == "palermo-suggestions" for each in suggested)
    first = suggested[0]
    desk.decide(first, "accept", {})
    rows = [record.cells for record in read_table(themes).records]
    assert [row["theme"] for row in rows] == [first.value, "pending"]
    assert (rows[0]["agent"], rows[0]["review_status"]) == ("palermo-suggestions jane-doe", "reviewed")
    left = desk.queue(Filter(document="copy", table="themes"))
    assert [each.name for each in left] == [each.name for each in suggested[1:]], "the others stay in the queue"
    (at_25, *_) = (each for each in left if each.number == "25")
    desk.decide(at_25, "reject", {})
    rows = [record.cells for record in read_table(themes).records]
    assert ("25", "pending") in {(row["recommendation"], row["theme"]) for row in rows}, "no theme is no judgement"


def test_a_reviewer_is_a_person_described_once(settings: BuildSettings) -> None:
    path = settings.root / "ontology/reference/agents.ttl"
    assert "prov:Person ;" not in path.read_text(encoding="utf-8"), "nobody is invented"
    jane = reviewer_of("Jane Doe", settings.root)
    assert jane == Reviewer("jane-doe", "Jane Doe")
    assert (describe(jane, settings.root), describe(jane, settings.root)) == (True, False)
    assert reviewer_of("jane-doe", settings.root) == jane
    for name in ("palermo-editors", "", 'Jane "X"'):
        with pytest.raises(BuildError):
            reviewer_of(name, settings.root)


def test_words_that_both_texts_have_are_marked() -> None:
    text = "Witnesses may testify."
    assert list(marked(text, stems("the protection of a witness"))) == [("Witnesses", True), (" may testify.", False)]


def as_read(settings: BuildSettings) -> tuple[Document, Extraction]:
    """The shipped document, and what rules find in it."""
    document = read_document(settings.sources / f"{SLUG}.toml")
    return document, extract(document, lexicon(Names(settings.base), settings.root))


def test_a_finding_that_is_right_is_confirmed_and_a_wrong_one_corrected(settings: BuildSettings, desk: Desk) -> None:
    assert not any(each.table == "directives" for each in desk.queue(Filter()))
    # "States parties may wish to consider raising awareness …": paragraph 5 has one directive.
    first = desk.queue(Filter(table="directives"))[0]
    assert (first.number, first.cells["modality"], first.cells["consider_only"]) == ("5", "may-wish", "yes")
    path = settings.editorial / SLUG / "directives.csv"
    desk.decide(first, "accept", dict(first.cells))
    (record,) = read_table(path).records
    assert (record.cells["change"], record.cells["agent"], record.cells["review_status"]) == (
        "confirm", "jane-doe", "reviewed",
    )  # fmt: skip
    assert desk.queue(Filter(table="directives"))[0].number == "6", "what she confirmed does not come again"
    again = Desk(settings, "john-roe", desk.today).queue(Filter(table="directives"))[0]
    assert (again.number, again.new, list(opinions(again.cells))) == ("5", False, ["jane-doe"])
    document, extraction = as_read(settings)
    confirmed = correct(document, extraction.findings, settings.editorial / SLUG)
    assert confirmed.findings == extraction.findings
    assert confirmed.corrections[0].confirmed == extraction.findings[document.paragraph_path("5")].directives[0]
    desk.undo()
    assert read_table(path).records == ()
    with pytest.raises(KeyError, match="needs its reason"):
        desk.decide(first, "accept", {**first.cells, "modality": "should"})
    desk.decide(first, "accept", {**first.cells, "modality": "should", "reason": "It is stronger in other languages."})
    (record,) = read_table(path).records
    assert {name: value for name, value in record.cells.items() if value} == {
        "recommendation": "5", "change": "correct", "directive": "1", "modality": "should",
        "reason": "It is stronger in other languages.", "agent": "jane-doe", "review_status": "reviewed",
        "reviewed": "2026-11-28", "judged_text": fingerprint(desk.texts[SLUG]["5"].text),
    }  # fmt: skip
    corrected = correct(document, extraction.findings, settings.editorial / SLUG)
    assert corrected.findings[document.paragraph_path("5")].directives[0].modality == "should"
    desk.undo()
    assert correct(document, extraction.findings, settings.editorial / SLUG).corrections == ()


def test_a_confirmed_finding_comes_again_once_rules_read_it_otherwise(settings: BuildSettings, desk: Desk) -> None:
    first = desk.queue(Filter(table="directives"))[0]
    desk.decide(first, "accept", dict(first.cells))
    path = settings.editorial / SLUG / "directives.csv"
    # As if the rules of that day had read "urged" where they read "may wish" now.
    path.write_text(path.read_text(encoding="utf-8").replace(",may-wish,", ",urged,"), encoding="utf-8")
    again = desk.queue(Filter(table="directives"))[0]
    assert (again.number, again.read_otherwise, again.cells["modality"]) == ("5", True, "may-wish")
    desk.decide(again, "accept", {})
    (record,) = read_table(path).records
    assert (record.cells["change"], record.cells["modality"], record.cells["agent"]) == (
        "confirm", "may-wish", "jane-doe",
    )  # fmt: skip
    assert desk.queue(Filter(table="directives"))[0].number == "6"


def test_a_name_that_is_none_goes_and_a_rejected_correction_corrects_nothing(
    settings: BuildSettings, desk: Desk
) -> None:
    first = next(
        each for each in desk.queue(Filter(table="mentions")) if each.cells["names"] == "actor/liaison-officers"
    )
    desk.decide(first, "reject", {"reason": "Here it is no actor."})
    (row,) = (each for each in desk.queue(Filter(table="mentions"), decided_too=True) if not each.new)
    assert (row.number, row.cells["change"], row.cells["words"]) == ("8", "remove", "liaison officers")
    document, extraction = as_read(settings)
    assert len(correct(document, extraction.findings, settings.editorial / SLUG).corrections) == 1
    desk.decide(row, "reject", {})
    assert correct(document, extraction.findings, settings.editorial / SLUG).corrections == ()
