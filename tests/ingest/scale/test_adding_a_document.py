"""`palermo add`: metadata guessed, confirmed or given; what was not recognised is shown; tables wait for judgement."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.adding.asking import at_terminal
from ingest.build import validate
from ingest.corpus import BuildSettings
from ingest.editorial import read_editorial
from ingest.metadata import read_metadata
from ingest.reading import read_document
from ontology.layout import ROOT
from palermo import app

REAL = ROOT / "ingest" / "sources" / "som-wg-2015.md"
NEW = """# Conference of the Parties to the United Nations Convention against Transnational Organized Crime

Distr.: General
3 March 2019

Original: English

Item 3 of the provisional agenda\\*

## Recommendations of the Working Group on the Smuggling of Migrants

Note by the Secretariat

## I. Introduction

1. This paper was prepared for the meeting.

\\* CTOC/COP/WG.7/2019/2.

## II. Recommendations adopted at its sixth meeting, held in Vienna from 4 to 6 September 2018

2. States parties should implement article 18 of the Smuggling of Migrants Protocol.

3. Such routes are dangerous for everybody.

4. Records should be kept in the Harbour Registry Office.

5. States should give effect to article 7.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A new document somewhere."""
    path = tmp_path / "Routes WG 2019.md"
    path.write_text(NEW, encoding="utf-8")
    return path


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    """The options that name sources and tables, which hold the real document."""
    shutil.copytree(ROOT / "ingest" / "sources", tmp_path / "sources")
    shutil.copytree(ROOT / "ingest" / "editorial", tmp_path / "editorial")
    return ["--sources", str(tmp_path / "sources"), "--editorial", str(tmp_path / "editorial")]


def add(file: Path, *options: str, answers: str | None = None) -> tuple[int, str]:
    """The exit status and what the terminal shows."""
    result = CliRunner().invoke(app, ["add", str(file), *options], input=answers)
    return result.exit_code, result.output


def test_the_metadata_are_read_from_the_masthead_and_the_headings(
    file: Path, folders: list[str], tmp_path: Path
) -> None:
    status, said = add(file, "--yes", *folders)
    assert status == 0, said
    known = read_metadata(tmp_path / "sources" / "routes-wg-2019.toml")
    assert known.title == "Recommendations of the Working Group on the Smuggling of Migrants"
    assert (known.kind, known.body, known.publisher) == (
        "note",
        "conference-of-the-parties",
        "conference-of-the-parties",
    )
    assert (known.issued, known.distribution, known.language) == (date(2019, 3, 3), "General", "en")
    assert (known.agenda_symbol, known.issuer, known.author) == ("CTOC/COP/WG.7/2019/2", "working-group", "secretariat")
    (meeting,) = known.meetings
    assert (meeting.slug, meeting.start, meeting.end) == ("som-wg-2018", date(2018, 9, 4), date(2018, 9, 6))
    assert meeting.place == "Vienna"
    assert meeting.label.startswith("Sixth meeting of the Working Group")
    assert meeting.body == "working-group"
    assert (tmp_path / "sources" / "routes-wg-2019.md").read_text(encoding="utf-8") == NEW


def test_what_was_not_recognised_is_shown(file: Path, folders: list[str]) -> None:
    _, said = add(file, "--yes", *folders)
    assert "4 recommendations" in said
    assert "citations that do not say whose provision it is: 1\n      5: article 7" in said
    assert "recommendations without a directive: 1\n      3: Such routes are" in said
    assert "directives that address nobody: 1\n      4: Records should be kept" in said
    assert "names with capitals that ontology/reference/ does not know: 1\n      4: Harbour Registry Office" in said
    assert "does not describe" not in said


def test_a_citation_of_what_nobody_has_described_is_shown(file: Path, folders: list[str], tmp_path: Path) -> None:
    named = "5. States should give effect to article 99 of the Convention."
    file.write_text(NEW.replace("5. States should give effect to article 7.", named), encoding="utf-8")
    _, said = add(file, "--yes", *folders)
    assert "citations of what ontology/reference/ does not describe: 1\n      5: article 99 of the Convention" in said
    table = (tmp_path / "editorial" / "routes-wg-2019" / "review.csv").read_text(encoding="utf-8")
    assert "not described: article 99 of the Convention" in table


def test_a_table_shows_names_and_items_to_whoever_judges(file: Path, folders: list[str], tmp_path: Path) -> None:
    listed = "5. States should take up:\n\n(a) Controls at sea;\n\n(b) Advice to UNODC."
    file.write_text(NEW.replace("5. States should give effect to article 7.", listed), encoding="utf-8")
    assert add(file, "--yes", *folders)[0] == 0
    with (tmp_path / "editorial" / "routes-wg-2019" / "review.csv").open(encoding="utf-8", newline="") as opened:
        row = {row["recommendation"]: row for row in csv.DictReader(opened)}["5"]
    assert row["text"] == "States should take up: (a) Controls at sea; (b) Advice to UNODC."
    assert row["names"] == "actor/states actor/unodc"


def test_a_meeting_of_another_document_keeps_its_name_and_label(file: Path, folders: list[str], tmp_path: Path) -> None:
    assert add(file, "--yes", "--meeting", "ports-2018/2018-09-04/2018-09-06/Vienna/Ports", *folders)[0] == 0
    later = tmp_path / "Later 2020.md"
    later.write_text(NEW.replace("3 March 2019", "3 March 2020"), encoding="utf-8")
    assert add(later, "--yes", *folders)[0] == 0
    known = read_metadata(tmp_path / "sources" / "later-2020.toml")
    assert [(meeting.slug, meeting.label) for meeting in known.meetings] == [("ports-2018", "Ports")]


def test_a_second_meeting_in_a_year_gets_a_name_of_its_own(file: Path, folders: list[str], tmp_path: Path) -> None:
    file.write_text(NEW.replace("4 to 6 September 2018", "4 to 6 March 2013"), encoding="utf-8")
    assert add(file, "--yes", *folders)[0] == 0
    known = read_metadata(tmp_path / "sources" / "routes-wg-2019.toml")
    assert [meeting.slug for meeting in known.meetings] == ["som-wg-2013-03"]


def test_a_period_of_years_is_no_meeting(file: Path, folders: list[str], tmp_path: Path) -> None:
    file.write_text(NEW.replace("from 4 to 6 September 2018", "from 4 May 2016 to 6 May 2018"), encoding="utf-8")
    assert add(file, "--yes", *folders)[0] == 0
    assert read_metadata(tmp_path / "sources" / "routes-wg-2019.toml").meetings == ()


def test_the_tables_wait_for_judgement_and_the_build_accepts_them(tmp_path: Path, folders: list[str]) -> None:
    sound = tmp_path / "routes-wg-2019.md"
    kept = NEW.replace("3. Such routes are dangerous for everybody.", "3. States should mark dangerous routes.")
    sound.write_text(kept, encoding="utf-8")
    assert add(sound, "--yes", *folders)[0] == 0
    table = tmp_path / "editorial" / "routes-wg-2019"
    header = "recommendation,theme,reason,confidence,agent,review_status,reviewed,judged_text"
    pending = [f"{number},pending,,,,,,sha256:" for number in (2, 3, 4, 5)]
    lines = [re.sub("[0-9a-f]{16}$", "", line) for line in (table / "themes.csv").read_text().splitlines()]
    assert lines == [header, *pending]
    assert read_editorial(tmp_path / "editorial", "routes-wg-2019", frozenset({2, 3, 4, 5})).themes == ()
    with (table / "review.csv").open(encoding="utf-8", newline="") as opened:
        rows = {row["recommendation"]: row for row in csv.DictReader(opened)}
    assert (rows["2"]["directives"], rows["2"]["cites"]) == ("should → states-parties", "smuggling-protocol/article/18")
    assert rows["4"]["not_recognised"] == "no addressee; name: Harbour Registry Office"
    assert rows["5"]["text"] == "States should give effect to article 7."

    settings = BuildSettings(
        sources=tmp_path / "sources", editorial=tmp_path / "editorial", snapshots=tmp_path / "snapshots"
    )
    report = validate(settings, lambda _: None).report
    assert report.conforms
    waiting = [result.label for result in report.results if result.shape.value.endswith("#Recommendation-theme")]
    assert waiting == ["Recommendation 2", "Recommendation 3", "Recommendation 4", "Recommendation 5"]


def test_a_text_that_lies_in_the_sources_already_gets_its_metadata_there(tmp_path: Path, folders: list[str]) -> None:
    text = tmp_path / "sources" / "routes-wg-2019.md"
    text.write_text(NEW, encoding="utf-8")
    status, said = add(text, "--yes", *folders)
    assert status == 0, said
    assert read_metadata(text.with_suffix(".toml")).slug == "routes-wg-2019"
    assert text.read_text(encoding="utf-8") == NEW


def test_a_person_is_asked_with_the_guess_as_default(file: Path, folders: list[str], tmp_path: Path) -> None:
    answers = "harbours-2019\n" + "\n" * 11 + "\n" * 6 + "harbours-2018\nGeneva\n\n"
    status, said = add(file, *folders, answers=answers)
    assert status == 0, said
    assert "issued (a date such as 2015-08-25) [2019-03-03]:" in said
    known = read_metadata(tmp_path / "sources" / "harbours-2019.toml")
    assert known.distribution == "General"
    assert [(meeting.slug, meeting.place) for meeting in known.meetings] == [("harbours-2018", "Geneva")]


def test_a_wrong_answer_is_explained_and_asked_again(file: Path, folders: list[str], tmp_path: Path) -> None:
    answers = "No Slug\nharbours-2019\n" + "\n" * 5 + "nobody\n\n\n3 March\n2019-03-04\n" + "\n" * 12
    status, said = add(file, *folders, answers=answers)
    assert status == 0, said
    assert "The slug 'No Slug' is not a name in lower-case letters" in said
    assert "The value '3 March' of issued is not a date such as 2015-08-25." in said
    assert "The issuer 'nobody' is not described. It is one of academia," in said
    assert read_metadata(tmp_path / "sources" / "harbours-2019.toml").issued == date(2019, 3, 4)


def test_questions_without_an_answer_leave_nothing_behind(file: Path, folders: list[str], tmp_path: Path) -> None:
    status, said = add(file, *folders, answers="harbours-2019\n")
    assert status == 1
    assert "\npalermo: A question was left without an answer; with --yes none is asked.\nNothing was written.\n" in said
    assert not (tmp_path / "sources" / "harbours-2019.toml").exists()


def test_what_is_given_is_not_asked_and_wins_over_the_masthead(file: Path, folders: list[str], tmp_path: Path) -> None:
    given = (
        "--slug",
        "ports-2019",
        "--distribution",
        "Limited",
        "--meeting",
        "ports-2018/2018-09-04/2018-09-06/Vienna/Ports",
    )
    assert add(file, "--yes", *given, *folders)[0] == 0
    known = read_metadata(tmp_path / "sources" / "ports-2019.toml")
    assert known.distribution == "Limited"
    assert [(meeting.slug, meeting.label) for meeting in known.meetings] == [("ports-2018", "Ports")]


def test_meetings_of_the_reference_data_keep_their_names(tmp_path: Path) -> None:
    options = ["--sources", str(tmp_path), "--editorial", str(tmp_path)]
    assert add(REAL, "--yes", *options)[0] == 0
    known, real = read_metadata(tmp_path / "som-wg-2015.toml"), read_metadata(REAL.with_suffix(".toml"))
    assert [(one.slug, one.start, one.end) for one in known.meetings] == [
        (one.slug, one.start, one.end) for one in real.meetings
    ]
    assert known.means.items() <= real.means.items()
    assert (known.kind, known.body) == (real.kind, real.body)


@pytest.mark.parametrize(
    ("options", "old", "new", "words"),
    [
        ((), "3 March 2019", "", "The text does not say when it was issued: give it, for instance 2015-08-25 (as an option, --issued)"),
        ((), "## I. Introduction", "## I.", "Routes WG 2019.md, line 14: the heading “I.”; expected: words behind its number."),
        (("--slug", "No Slug"), "", "", "The slug 'No Slug' is not a name in lower-case letters, digits and hyphens."),
        (("--slug", "som-wg-2015"), "", "", "is there already. Choose another name with --slug"),
        (("--issuer", "nobody"), "", "", "The issuer 'nobody' is not described."),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(
    options: tuple[str, ...], old: str, new: str, words: str, file: Path, folders: list[str], tmp_path: Path
) -> None:
    file.write_text(NEW.replace(old, new), encoding="utf-8")
    before = sorted(path for path in tmp_path.rglob("*"))
    status, said = add(file, "--yes", *options, *folders)
    assert status == 1
    assert words in said
    assert said.endswith("Nothing was written.\n")
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_all_that_is_missing_is_said_at_once(file: Path, folders: list[str]) -> None:
    text = NEW.replace("3 March 2019\n", "").replace("Working Group on the Smuggling of Migrants", "group")
    file.write_text(text.replace("# Conference of the Parties", "# Meeting of the parties"), encoding="utf-8")
    _, said = add(file, "--yes", *folders)
    missing = [line.strip() for line in said.splitlines() if "does not say" in line]
    assert missing == [
        "palermo: The text does not say whose recommendations they are: give it, for instance "
        '"Committee on Ferries" (as an option, --issuer)',
        "The text does not say when it was issued: give it, for instance 2015-08-25 (as an option, --issued)",
    ]


def test_each_proposal_is_shown_with_its_line(file: Path, folders: list[str]) -> None:
    _, said = add(file, "--yes", *folders)
    assert "  issued = 2019-03-03    (line 4: 3 March 2019)\n" in said
    assert "  issuer = working-group    (line 10: Recommendations of the Working Group on the Smuggling" in said
    assert "  “the Working Group” means = working-group    (line 10: " in said


def test_the_text_defines_its_short_names_and_says_where(file: Path, folders: list[str], tmp_path: Path) -> None:
    defined = "1. The Trafficking in Persons Protocol (hereinafter “the Protocol”) is applied."
    file.write_text(NEW.replace("1. This paper was prepared for the meeting.", defined), encoding="utf-8")
    _, said = add(file, "--yes", *folders)
    assert "  “the Protocol” means = trafficking-protocol    (line 16: (hereinafter “the Protocol”))\n" in said
    assert read_metadata(tmp_path / "sources" / "routes-wg-2019.toml").means["the Protocol"] == "trafficking-protocol"


def test_the_same_file_a_second_time_is_noticed(file: Path, folders: list[str]) -> None:
    assert add(file, "--yes", *folders)[0] == 0
    status, said = add(file, "--yes", "--slug", "again", *folders)
    assert status == 1
    assert "This file is in the corpus already, as routes-wg-2019." in said


def test_what_is_in_doubt_is_listed_by_line_and_confirmed_one_by_one(
    file: Path, folders: list[str], tmp_path: Path
) -> None:
    doubtful = (
        NEW.replace("\n5. States", "\n7. States").replace("kept in", "kept12 in").replace("dangerous for", "bad34 for")
    )
    file.write_text(doubtful, encoding="utf-8")
    answers = "\n" * 12 + "\n" * 6 + "\n\n\n" + "yes\nno\nno\n"
    status, said = add(file, *folders, answers=answers)
    assert status == 0, said
    assert "  line 28: gap: paragraphs 5 to 6 before paragraph 7\n" in said
    assert "line 26, glued: “kept12” in paragraph 4. Right as it was read?" in said
    known = read_metadata(tmp_path / "sources" / "routes-wg-2019.toml")
    assert known.confirmed == ("glued: “bad34” in paragraph 3",)


def test_a_body_that_nobody_described_is_given_by_its_name_and_a_main_body_by_its_slug(
    file: Path, folders: list[str], tmp_path: Path
) -> None:
    status, said = add(file, "--yes", "--issuer", "Committee on Ferries", "--body", "human-rights-council", *folders)
    assert status == 0, said
    known = read_metadata(tmp_path / "sources" / "routes-wg-2019.toml")
    assert (known.issuer, known.body) == ("committee-on-ferries", "human-rights-council")
    assert known.actors["committee-on-ferries"] == "Committee on Ferries"
    assert known.actors["human-rights-council"] == "Human Rights Council"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Comité des ports", "comite-des-ports"), ("Совет портов", "sovet-portov"), ("港口委员会", "name-54546f25")],
)
def test_a_body_and_a_file_may_have_names_in_other_letters(
    name: str, slug: str, folders: list[str], tmp_path: Path
) -> None:
    document = tmp_path / f"{name}.md"
    document.write_text(
        "# Доклад о паромах\n\n## I. Введение\n\n1. Государствам следует сотрудничать.\n", encoding="utf-8"
    )
    status, shown = add(document, "--yes", "--issued", "2021-03-12", "--issuer", name, *folders)
    assert (status, "Written" in shown) == (0, True), shown
    metadata = read_metadata(tmp_path / "sources" / f"{slug}.toml")
    assert (metadata.issuer, metadata.actors) == (slug, {slug: name})


def test_a_working_group_is_named_without_the_meeting_on_which_it_reports(folders: list[str], tmp_path: Path) -> None:
    document = tmp_path / "ferries.md"
    document.write_text(
        "# Report of the Working Group on Ferries on its third meeting, held in Lagos\n\n4 April 2022\n\n1. It met.\n",
        encoding="utf-8",
    )
    assert add(document, "--yes", *folders)[0] == 0
    assert read_metadata(tmp_path / "sources" / "ferries.toml").issuer == "working-group-on-ferries"


@pytest.mark.parametrize(("ending", "relation"), [("Corr.1", "corrects"), ("Rev.2", "supersedes")])
def test_a_corrigendum_and_a_revision_say_by_their_symbol_of_what(
    ending: str, relation: str, folders: list[str], tmp_path: Path
) -> None:
    text = "FG/2022/7{0}\n\n4 April 2022\n\n# Report on ferries{1}\n\n1. It met.\n"
    for name, symbol, title in (
        ("ferries", "", " of the ports"),
        ("later", f"/{ending}", ": the second issue of the report"),
    ):
        (tmp_path / f"{name}.md").write_text(text.format(symbol, title), encoding="utf-8")
        status, shown = add(tmp_path / f"{name}.md", "--yes", "--issuer", "unodc", "--language", "en", *folders)
        assert status == 0, shown
    assert f"{relation} = ferries    (its symbol FG/2022/7)" in shown
    assert getattr(read_metadata(tmp_path / "sources" / "later.toml"), relation) == ("ferries",)


def test_a_meeting_that_cannot_be_read_is_a_usage_error(file: Path, folders: list[str]) -> None:
    status, said = add(file, "--yes", "--meeting", "ports-2018/4 September/2018-09-06/Vienna", *folders)
    assert status == 2
    assert "is not SLUG/2012-05-30/2012-06-01/PLACE" in said


REVIEW = """# Human Rights Council

# Report of the Working Group on the Universal Periodic Review\\*

# Ruritania

1 May 2020

# I. Proceedings

1. Ruritania was reviewed on 2 March 2020.

# II. Conclusions and/or recommendations

2. The following recommendations will be examined:

2.1 Ratify the Convention on Ferries (Norway);

2.2 Recognize the competence of the Committee on Ferries (Chile).
"""
BUDGET = """# General Assembly

# Financing of a mission: budget for the period from 1 July 2026 to 30 June 2027

# Report of the Advisory Committee on Ferries and Harbours

1 May 2026

Contents

I. Resolutions ........ 5

14/1. Ferries ........ 5

# Observations for the period from 1 July 2026 to 30 June 2027

1. The Advisory Committee recommends that the mission be smaller.
"""


def test_a_review_names_the_state_under_review_whom_its_imperatives_ask(folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "review.md").write_text(REVIEW, encoding="utf-8")
    status, said = add(tmp_path / "review.md", "--yes", *folders)
    assert status == 0, said
    assert "title = Report of the Working Group on the Universal Periodic Review: Ruritania    (" in said
    assert "“State under review” means = ruritania" in said
    assert "2 directives: 2 recommended" in said
    assert "recommendations without a directive: 1\n      2: The following" in said
    assert "directives that address nobody" not in said


def test_a_report_of_a_committee_has_its_title_above_and_speaks_for_the_committee(
    folders: list[str], tmp_path: Path
) -> None:
    (tmp_path / "budget.md").write_text(BUDGET, encoding="utf-8")
    status, said = add(tmp_path / "budget.md", "--yes", *folders)
    assert status == 0, said
    known = read_metadata(tmp_path / "sources" / "budget.toml")
    assert known.title == "Financing of a mission: budget for the period from 1 July 2026 to 30 June 2027"
    assert known.issuer == "advisory-committee-on-ferries-and-harbours"
    assert known.means["the Advisory Committee"] == known.issuer
    assert known.meetings == ()
    assert "No paragraph is read as a recommendation" in said


OLD_MASTHEAD = """UNITED NATIONS

General Assembly

Distr. GENERAL
5 May 2009

HUMAN RIGHTS COUNCIL
Working Group on the Universal Periodic Review

SUMMARY PREPARED BY THE OFFICE OF THE HIGH COMMISSIONER, IN ACCORDANCE WITH
PARAGRAPH 15 OF THE ANNEX

## Ruritania\\*

\\* Not edited.

## I. BACKGROUND

1. Ruritania has ferries.

2/3

V.09-12345 2/3

2. It has harbours.

## ANNEX

The delegation was headed by the Minister.

Mr. Ferry, Ministry of Harbours

Ms. Crew, Embassy
"""


def test_a_masthead_in_capitals_is_read_and_what_stands_apart_is_said_once(folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text(OLD_MASTHEAD, encoding="utf-8")
    status, said = add(tmp_path / "old.md", "--yes", *folders)
    assert status == 0, said
    known = read_metadata(tmp_path / "sources" / "old.toml")
    assert (known.body, known.issuer) == ("human-rights-council", "working-group-on-the-universal-periodic-review")
    assert known.title == (
        "SUMMARY PREPARED BY THE OFFICE OF THE HIGH COMMISSIONER, IN ACCORDANCE WITH PARAGRAPH 15 OF THE ANNEX: Ruritania"
    )
    lines = [line.strip() for line in said.splitlines()]
    at = lines.index("Left out as page numbers, heads, feet and contents, no words of the document: 2 lines")
    assert lines[at + 1 : at + 3] == ["2/3", "V.09-12345 2/3"]
    assert [line for line in lines if "outside:" in line] == [
        "line 30: outside: “The delegation was headed by the Minister.” and 2 more behind it"
    ]
    assert "2 sections, 2 paragraphs, 0 recommendations, 1 footnote, 3 texts without a number" in lines


DECISION = """# Human Rights Council

Distr.: General
25 March 2020

A/HRC/DEC/43/112

# 43/112. Outcome of the review of Ruritania

The Human Rights Council,

Acting in compliance with its mandate,

Adopts the outcome of the review of Ruritania.
"""


def test_a_decision_without_numbered_paragraphs_is_said_to_have_none(folders: list[str], tmp_path: Path) -> None:
    text = DECISION.replace("Adopts the outcome", "The outcome").replace("Ruritania.", "Ruritania is in its report.")
    (tmp_path / "decision.md").write_text(text, encoding="utf-8")
    status, said = add(tmp_path / "decision.md", "--yes", *folders)
    assert status == 0, said
    assert "It has no numbered paragraphs: its words are kept and shown" in said
    assert "no heading says so" not in said


DECLARATION = """Conference on Ports

CP/2024/3

Distr.: General
3 May 2024

# Ministerial declaration of the Conference on Ports\\*

We, the Ministers responsible for ports,

Recalling the Charter of Ports,

We recognize that quays are old.

We call upon Member States to mend their quays.

\\* Issued before under the symbol CP/2024/L.1.
"""


def test_a_ministerial_declaration_is_one_and_its_clauses_are_recommendations(
    folders: list[str], tmp_path: Path
) -> None:
    (tmp_path / "ministers.md").write_text(DECLARATION, encoding="utf-8")
    status, said = add(tmp_path / "ministers.md", "--yes", *folders)
    assert status == 0, said
    assert "kind = declaration" in said
    assert "2 paragraphs, 2 recommendations" in said
    assert "agenda_symbol" not in said, "The note is about the document, not about its agenda."


def test_a_decision_of_one_clause_without_a_number_is_one_recommendation(folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "decision.md").write_text(DECISION, encoding="utf-8")
    status, said = add(tmp_path / "decision.md", "--yes", *folders)
    assert status == 0, said
    assert "1 paragraph, 1 recommendation, 2 texts without a number" in said
    assert "unnumbered clause 1: Adopts the outcome of the review of Ruritania." in said


@pytest.mark.parametrize(
    "text",
    [
        "Guidance on quays\n\nAssembly of Ports\n\nDistr.: General\n3 March 2021\n\nQuays rust.\n\nStates should mend the quays.\n",
        "Assembly of Ports\n\nDistr.\n\nGENERAL\n\nOriginal: English\n\n3 March 2021\n\nGuidance on quays\n\nQuays rust and the sea is rough.\n",
        "# Guidance on quays\n\nAssembly of Ports\n\n3 March 2021\n\n## Background\n\nQuays rust and the sea is rough.\n",
        "Guidance\non quays\n\nAssembly of Ports\n\nStates should mend the quays and the steps.\n\nVienna, 3 March 2021\n",
    ],
)
def test_a_masthead_above_paragraphs_without_numbers_is_read_wherever_its_title_stands(
    text: str, folders: list[str], tmp_path: Path
) -> None:
    (tmp_path / "guidance.txt").write_text(text, encoding="utf-8")
    status, said = add(tmp_path / "guidance.txt", "--yes", *folders)
    assert status == 0, said
    known = read_metadata(tmp_path / "sources" / "guidance.toml")
    assert (known.title, known.body, known.issued) == ("Guidance on quays", "assembly-of-ports", date(2021, 3, 3))
    document = read_document(tmp_path / "sources" / "guidance.toml")
    assert "Assembly of Ports" in document.masthead.lines
    assert not any(one.text == "Assembly of Ports" for one in document.texts)


def test_a_title_may_have_spaces_that_do_not_break(folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "quays.md").write_text(
        "# Report on\u00a0quays\n\n3 March 2021\n\n1. Quays\u00a0rust.\n", encoding="utf-8"
    )
    status, said = add(
        tmp_path / "quays.md", "--yes", "--issuer", "Committee\u00a0on Quays", "--language", "en", *folders
    )
    assert status == 0, said
    assert read_metadata(tmp_path / "sources" / "quays.toml").title == "Report on\u00a0quays"


@pytest.mark.parametrize(
    ("opening", "body"),
    [
        ("The Sixty-sixth Assembly of Ports, Having considered the report on quays;", "assembly-of-ports"),
        ("The Assembly of Ports,\n\nHaving considered the report on quays,", "assembly-of-ports"),
        ("THE ASSEMBLY OF PORTS,\n\nRecalling Article 15.b of its statute,", "assembly-of-ports"),
        ("The Conference of the Parties,\n\nRecalling its decision 1/CP.17,", ""),
    ],
)
def test_the_body_that_speaks_is_read_from_its_formula_where_no_masthead_names_it(
    opening: str, body: str, folders: list[str], tmp_path: Path
) -> None:
    (tmp_path / "quays.md").write_text(
        f"# WHA66.9 Quays\n\n{opening}\n\n1. URGES States to mend quays.\n", encoding="utf-8"
    )
    issuer = [] if body else ["--issuer", "Forum of Ports"]
    status, said = add(tmp_path / "quays.md", "--yes", "--language", "en", "--issued", "2013-05-27", *issuer, *folders)
    assert status == 0, said
    known = read_metadata(tmp_path / "sources" / "quays.toml")
    assert (known.body, known.kind, known.symbol, known.title) == (body, "resolution", "WHA66.9", "Quays")
    assert read_document(tmp_path / "sources" / "quays.toml").texts[0].kind == "preamble"


def test_a_draft_has_the_kind_of_what_it_becomes_and_prose_says_no_kind(folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(
        "S/2021/7\n\n3 March 2021\n\n**Syldavia and Borduria: draft resolution**\n\n*The Security Council,*\n\n"
        "*Having considered* the report on quays,\n\n1. *Decides* to mend the quays and the steps.\n",
        encoding="utf-8",
    )
    status, said = add(tmp_path / "draft.md", "--yes", *folders)
    assert status == 0, said
    assert read_metadata(tmp_path / "sources" / "draft.toml").kind == "resolution"


def test_a_paragraph_of_an_annex_is_named_with_its_annex_and_has_its_own_open_points(
    folders: list[str], tmp_path: Path
) -> None:
    annexed = "\n## Annex II\n\n1. Rules follow.\n\n2. States should give effect to article 9.\n"
    again = "\n## Annex I\n\n1. Rules follow.\n" + annexed
    (tmp_path / "routes.md").write_text(NEW + again, encoding="utf-8")
    status, said = add(tmp_path / "routes.md", "--yes", *folders)
    assert status == 0, said
    assert "whose provision it is: 2\n      5: article 7\n      annex 2, 2: article 9\n" in said
    with (tmp_path / "editorial" / "routes" / "review.csv").open(encoding="utf-8", newline="") as opened:
        left = {row["recommendation"]: row["not_recognised"] for row in csv.DictReader(opened)}
    assert left["5"] == "citation: article 7"
    assert "article 9" not in left["2"]


def test_questions_are_seen_where_the_output_goes_into_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ferries\n"))
    assert at_terminal("slug", "piers") == "ferries"
    assert tuple(capsys.readouterr()) == ("", "slug [piers]: ")
