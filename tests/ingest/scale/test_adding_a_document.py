"""`palermo add`: metadata guessed, confirmed or given; what was not recognised is shown; tables wait for judgement."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.adding.questions import at_terminal
from ingest.build import validate
from ingest.corpus import BuildSettings
from ingest.document import Metadata
from ingest.editorial import read_editorial
from ingest.metadata import read_metadata
from ontology.layout import ROOT
from palermo import app

REAL = ROOT / "ingest" / "sources" / "som-wg-2015.md"
NAME, SLUG = "Routes WG 2019.md", "routes-wg-2019"
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


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder with sources and tables, to which documents are added."""

    folder: Path

    @property
    def options(self) -> list[str]:
        """The options that name its folders."""
        return [part for name in ("sources", "editorial") for part in (f"--{name}", str(self.folder / name))]

    def add(self, text: str, *options: str, name: str = NAME, answers: str = "", status: int = 0) -> str:
        """What the terminal shows while a text is added, with ``--yes`` where no answers are given."""
        (self.folder / name).write_text(text, encoding="utf-8")
        asked = [] if answers else ["--yes"]
        result = CliRunner().invoke(
            app, ["add", str(self.folder / name), *asked, *options, *self.options], input=answers
        )
        assert result.exit_code == status, result.output
        return result.output

    def metadata(self, slug: str = SLUG) -> Metadata:
        """What was written of a document."""
        return read_metadata(self.folder / "sources" / f"{slug}.toml")

    def review(self, slug: str = SLUG) -> dict[str, dict[str, str]]:
        """The rows that show what was read, by recommendation."""
        with (self.folder / "editorial" / slug / "review.csv").open(encoding="utf-8", newline="") as opened:
            return {row["recommendation"]: row for row in csv.DictReader(opened)}


def empty(folder: Path) -> Corpus:
    """One without documents."""
    for name in ("sources", "editorial"):
        (folder / name).mkdir()
    return Corpus(folder)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return empty(tmp_path)


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, str]:
    """One to which the new document was added, and what the terminal showed."""
    one = empty(tmp_path_factory.mktemp("added"))
    return one, one.add(NEW)


def test_the_metadata_are_read_from_the_masthead_and_the_headings(added: tuple[Corpus, str]) -> None:
    known = added[0].metadata()
    assert known.title == "Recommendations of the Working Group on the Smuggling of Migrants"
    assert (known.kind, known.body) == ("note", "conference-of-the-parties")
    assert known.publisher == "conference-of-the-parties"
    assert (known.issued, known.distribution, known.language) == (date(2019, 3, 3), "General", "en")
    assert (known.agenda_symbol, known.issuer, known.author) == ("CTOC/COP/WG.7/2019/2", "working-group", "secretariat")
    (meeting,) = known.meetings
    assert (meeting.slug, meeting.start, meeting.end) == ("som-wg-2018", date(2018, 9, 4), date(2018, 9, 6))
    assert (meeting.place, meeting.body) == ("Vienna", "working-group")
    assert meeting.label.startswith("Sixth meeting of the Working Group")
    assert (added[0].folder / "sources" / f"{SLUG}.md").read_text(encoding="utf-8") == NEW


def test_what_was_not_recognised_and_each_proposal_is_shown_with_its_line(added: tuple[Corpus, str]) -> None:
    for words in (
        "  issued = 2019-03-03    (line 4: 3 March 2019)\n",
        "  issuer = working-group    (line 10: Recommendations of the Working Group on the Smuggling",
        "  “the Working Group” means = working-group    (line 10: ",
        "4 recommendations",
        "citations that do not say whose provision it is: 1\n      5: article 7",
        "recommendations without a directive: 1\n      3: Such routes are",
        "directives that address nobody: 1\n      4: Records should be kept",
        "names with capitals that ontology/reference/ does not know: 1\n      4: Harbour Registry Office",
    ):
        assert words in added[1]
    assert "does not describe" not in added[1]


def test_the_same_file_a_second_time_is_noticed(added: tuple[Corpus, str]) -> None:
    said = added[0].add(NEW, "--slug", "again", status=1)
    assert f"This file is in the corpus already, as {SLUG}." in said


def test_a_table_shows_names_items_and_what_nobody_described_and_the_text_defines_its_short_names(
    corpus: Corpus,
) -> None:
    defined = "1. The Trafficking in Persons Protocol (hereinafter “the Protocol”) is applied."
    listed = "5. States should apply article 99 of the Convention:\n\n(a) Controls at sea;\n\n(b) Advice to UNODC."
    text = NEW.replace("1. This paper was prepared for the meeting.", defined)
    said = corpus.add(text.replace("5. States should give effect to article 7.", listed))
    assert "  “the Protocol” means = trafficking-protocol    (line 16: (hereinafter “the Protocol”))\n" in said
    assert corpus.metadata().means["the Protocol"] == "trafficking-protocol"
    assert "citations of what ontology/reference/ does not describe: 1\n      5: article 99 of the Convention" in said
    row = corpus.review()["5"]
    assert row["not_recognised"] == "not described: article 99 of the Convention"
    assert row["text"].endswith("article 99 of the Convention: (a) Controls at sea; (b) Advice to UNODC.")
    assert row["names"] == "actor/states actor/unodc instrument/untoc"


def test_a_meeting_of_another_document_keeps_its_name_and_what_is_given_wins_over_the_masthead(corpus: Corpus) -> None:
    meeting = ("--meeting", "ports-2018/2018-09-04/2018-09-06/Vienna/Ports")
    corpus.add(NEW, "--slug", "ports-2019", "--distribution", "Limited", *meeting)
    assert corpus.metadata("ports-2019").distribution == "Limited"
    corpus.add(NEW.replace("3 March 2019", "3 March 2020"))
    for slug in ("ports-2019", SLUG):
        assert [(one.slug, one.label) for one in corpus.metadata(slug).meetings] == [("ports-2018", "Ports")]


def test_the_tables_wait_for_judgement_and_the_build_accepts_them(corpus: Corpus) -> None:
    corpus.add(NEW.replace("3. Such routes are dangerous for everybody.", "3. States should mark dangerous routes."))
    themes = (corpus.folder / "editorial" / SLUG / "themes.csv").read_text(encoding="utf-8").splitlines()
    assert [re.sub("[0-9a-f]{16}$", "", line) for line in themes] == [
        "recommendation,theme,reason,confidence,agent,review_status,reviewed,judged_text",
        *(f"{number},pending,,,,,,sha256:" for number in (2, 3, 4, 5)),
    ]
    assert read_editorial(corpus.folder / "editorial", SLUG, frozenset({2, 3, 4, 5})).links == ()
    rows = corpus.review()
    assert (rows["2"]["directives"], rows["2"]["cites"]) == ("should → states-parties", "smuggling-protocol/article/18")
    assert rows["4"]["not_recognised"] == "no addressee; name: Harbour Registry Office"
    assert rows["5"]["text"] == "States should give effect to article 7."

    settings = BuildSettings(sources=corpus.folder / "sources", editorial=corpus.folder / "editorial")
    report = validate(settings, lambda _: None).report
    assert report.conforms
    waiting = [result.label for result in report.results if result.shape.value.endswith("#Recommendation-theme")]
    assert waiting == ["Recommendation 2", "Recommendation 3", "Recommendation 4", "Recommendation 5"]


def test_a_text_that_lies_in_the_sources_already_gets_its_metadata_there(corpus: Corpus) -> None:
    corpus.add(NEW, name=f"sources/{SLUG}.md")
    assert corpus.metadata().slug == SLUG
    assert (corpus.folder / "sources" / f"{SLUG}.md").read_text(encoding="utf-8") == NEW


def test_questions_without_an_answer_leave_nothing_behind(corpus: Corpus) -> None:
    said = corpus.add(NEW, answers="harbours-2019\n", status=1)
    assert "\npalermo: A question was left without an answer; with --yes none is asked.\nNothing was written.\n" in said
    assert not list((corpus.folder / "sources").iterdir())


def test_meetings_of_the_reference_data_keep_their_names(corpus: Corpus) -> None:
    corpus.add(REAL.read_text(encoding="utf-8"), name=REAL.name)
    known, real = corpus.metadata(REAL.stem), read_metadata(REAL.with_suffix(".toml"))
    for one, other in zip(known.meetings, real.meetings, strict=True):
        assert (one.slug, one.start, one.end) == (other.slug, other.start, other.end)
    assert known.means.items() <= real.means.items()
    assert (known.kind, known.body) == (real.kind, real.body)


@pytest.mark.parametrize(
    ("options", "old", "new", "words"),
    [
        ((), "3 March 2019", "", "The text does not say when it was issued: give it, for instance 2015-08-25 (as an option, --issued)"),
        ((), "## I. Introduction", "## I.", "Routes WG 2019.md, line 14: the heading “I.”; expected: words behind its number."),
        (("--slug", "No Slug"), "", "", "The slug 'No Slug' is not a name in lower-case letters, digits and hyphens."),
        (("--slug", "taken"), "", "", "is there already. Choose another name with --slug"),
        (("--issuer", "nobody"), "", "", "The issuer 'nobody' is not described."),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(
    options: tuple[str, ...], old: str, new: str, words: str, corpus: Corpus
) -> None:
    (corpus.folder / "sources" / "taken.md").write_text("taken", encoding="utf-8")
    said = corpus.add(NEW.replace(old, new), *options, status=1)
    assert words in said
    assert said.endswith("Nothing was written.\n")
    left = {path.relative_to(corpus.folder).as_posix() for path in corpus.folder.rglob("*")}
    assert left == {NAME, "sources", "sources/taken.md", "editorial"}


@pytest.mark.parametrize(
    ("options", "old", "words"),
    [
        ((), "## I. Introduction", ["the heading “I.”"]),
        (("--issued", "yesterday", "--kind", "poem"), "",
         ["The value 'yesterday' of issued", "The kind 'poem' is none of note, report"]),
    ],
    ids=["a text that cannot be read", "what is given wrongly"],
)  # fmt: skip
def test_it_is_refused_before_the_first_question(
    options: tuple[str, ...], old: str, words: list[str], corpus: Corpus
) -> None:
    said = corpus.add(NEW.replace(old, old[:5]), *options, answers="routes\n", status=1)
    assert all(each in said for each in words), said
    assert "slug (" not in said


def test_all_that_is_missing_is_said_at_once(corpus: Corpus) -> None:
    text = NEW.replace("3 March 2019\n", "").replace("Working Group on the Smuggling of Migrants", "group")
    said = corpus.add(text.replace("# Conference of the Parties", "# Meeting of the parties"), status=1)
    assert [line.strip() for line in said.splitlines() if "does not say" in line] == [
        "palermo: The text does not say whose recommendations they are: give it, for instance "
        '"Committee on Ferries" (as an option, --issuer)',
        "The text does not say when it was issued: give it, for instance 2015-08-25 (as an option, --issued)",
    ]


@pytest.mark.parametrize(
    ("answers", "right"),
    [("yes\nno\nno\n", ["bad34"]), ("all\nno\n", ["bad34", "kept12"])],
    ids=["one by one", "all of a kind"],
)
def test_what_is_in_doubt_is_listed_by_line_and_confirmed(answers: str, right: list[str], corpus: Corpus) -> None:
    text = NEW.replace("\n5. States", "\n7. States").replace("kept in", "kept12 in")
    said = corpus.add(text.replace("dangerous for", "bad34 for"), answers="\n" * 21 + answers)
    assert "  line 28: gap: paragraphs 5 to 6 before paragraph 7\n" in said
    assert "line 24, glued: “bad34” in paragraph 3. Right as it was read?" in said
    named = {"bad34": "glued: “bad34” in paragraph 3", "kept12": "glued: “kept12” in paragraph 4"}
    assert corpus.metadata().confirmed == tuple(named[word] for word in right)


def test_a_body_that_nobody_described_is_given_by_its_name_and_a_main_body_by_its_slug(corpus: Corpus) -> None:
    corpus.add(NEW, "--issuer", "Committee on Ferries", "--body", "human-rights-council")
    known = corpus.metadata()
    assert (known.issuer, known.body) == ("committee-on-ferries", "human-rights-council")
    assert known.actors["committee-on-ferries"] == "Committee on Ferries"
    assert known.actors["human-rights-council"] == "Human Rights Council"


def test_a_body_and_a_file_may_have_names_in_letters_that_no_address_has(corpus: Corpus) -> None:
    text = "# Доклад о паромах\n\n## I. Введение\n\n1. Государствам следует сотрудничать.\n"
    corpus.add(text, "--issued", "2021-03-12", "--issuer", "港口委员会", name="港口委员会.md")
    known = corpus.metadata("name-54546f25")
    assert (known.issuer, known.actors) == ("name-54546f25", {"name-54546f25": "港口委员会"})


def test_a_corrigendum_and_a_revision_say_by_their_symbol_of_what(corpus: Corpus) -> None:
    text, options = "FG/2022/7{0}\n\n4 April 2022\n\n# Report on ferries{1}\n\n1. It met.\n", ("--issuer", "unodc")
    corpus.add(text.format("", " of the ports"), *options, "--language", "en", name="ferries.md")
    for ending, relation in (("Corr.1", "corrects"), ("Rev.2", "supersedes")):
        later = text.format(f"/{ending}", f": the second issue, {relation}")
        said = corpus.add(later, *options, "--language", "en", name=f"{relation}.md")
        assert f"{relation} = ferries    (its symbol FG/2022/7)" in said
        assert getattr(corpus.metadata(relation), relation) == ("ferries",)
    assert corpus.metadata("corrects").kind == "corrigendum"
    said = corpus.add(text.format("0/Corr.1", " of nobody"), *options, "--language", "en", name="nobody.md")
    assert "corrects: no document of the corpus has the symbol FG/2022/70; its .toml names it once it is there" in said


def test_a_meeting_that_cannot_be_read_is_a_usage_error(corpus: Corpus) -> None:
    said = corpus.add(NEW, "--meeting", "ports-2018/4 September/2018-09-06/Vienna", status=2)
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
DECISION = """# Human Rights Council

Distr.: General
25 March 2020

A/HRC/DEC/43/112

# 43/112. Outcome of the review of Ruritania

The Human Rights Council,

Acting in compliance with its mandate,

{} outcome of the review of Ruritania{}.
"""
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


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        (
            REVIEW,
            [
                "title = Report of the Working Group on the Universal Periodic Review: Ruritania    (",
                "“State under review” means = ruritania",
                "2 directives: 2 recommended",
                "recommendations without a directive: 1\n      2: The following",
            ],
            "directives that address nobody",
        ),
        (DECISION.format("The", " is in its report"), ["It has no numbered paragraphs: its words are kept and shown"],
         "no heading says so"),
        (
            DECISION.format("Adopts the", ""),
            [
                "1 paragraph, 1 recommendation, 2 texts without a number",
                "unnumbered clause 1: Adopts the outcome of the review of Ruritania.",
            ],
            "It has no numbered paragraphs",
        ),
        # the note is about the document, not about its agenda
        (DECLARATION, ["kind = declaration", "2 paragraphs, 2 recommendations"], "agenda_symbol"),
        (
            OLD_MASTHEAD,
            [
                "Left out as page numbers, heads, feet and contents, no words of the document: 2 lines\n  2/3\n  V.09-12345 2/3\n",
                "line 30: outside: “The delegation was headed by the Minister.” and 2 more behind it\n",
                "2 sections, 2 paragraphs, 0 recommendations, 1 footnote, 3 texts without a number\n",
                "No paragraph is read as a recommendation",
            ],
            "“Mr. Ferry",
        ),
    ],
    ids=["a review", "a decision without clauses", "a decision of one clause", "a declaration", "capitals and an annex"],
)  # fmt: skip
def test_what_a_document_of_another_form_has_is_said(text: str, shown: list[str], hidden: str, corpus: Corpus) -> None:
    said = corpus.add(text)
    assert [words for words in shown if words not in said] == []
    assert hidden not in said


def test_a_title_and_a_body_may_have_spaces_that_do_not_break(corpus: Corpus) -> None:
    text = "# Report on\u00a0quays\n\n3 March 2021\n\n1. Quays\u00a0rust.\n"
    corpus.add(text, "--issuer", "Committee\u00a0on Quays", "--language", "en")
    assert corpus.metadata().title == "Report on\u00a0quays"


def test_a_paragraph_of_an_annex_is_named_with_its_annex_and_has_its_own_open_points(corpus: Corpus) -> None:
    annexed = "\n## Annex II\n\n1. Rules follow.\n\n2. States should give effect to article 9.\n"
    said = corpus.add(f"{NEW}\n## Annex I\n\n1. Rules follow.\n{annexed}")
    assert "whose provision it is: 2\n      5: article 7\n      annex 2, 2: article 9\n" in said
    left = {number: row["not_recognised"] for number, row in corpus.review().items()}
    assert left["5"] == "citation: article 7"
    assert "article 9" not in left["2"]


def test_questions_are_seen_where_the_output_goes_into_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ferries\n"))
    assert at_terminal("slug", "piers") == "ferries"
    assert tuple(capsys.readouterr()) == ("", "slug [piers]: ")
