"""Actors, tools and groups in words of the source and in invented ones; groups end in (g), tools in (t)."""

from __future__ import annotations

import pytest

from ingest.extraction.names import Naming

MARKS = {"actor": "", "tool": " (t)", "group": " (g)", "instrument": " (i)"}


def named(naming: Naming, text: str) -> list[tuple[str, str]]:
    return [
        (mention.span.cut(text), mention.entity.rsplit("/", 1)[1] + MARKS[mention.kind])
        for mention in naming.mentions(text)
    ]


CASES = [
    # full names, acronyms, articles left out
    (
        "including the United Nations Office on Drugs and Crime (UNODC), to continue",
        [("United Nations Office on Drugs and Crime (UNODC)", "unodc")],
    ),
    ("the International Organization for Migration (IOM)", [("International Organization for Migration (IOM)", "iom")]),
    ("the International Organization for Migration (OIM)", [("International Organization for Migration", "iom")]),
    ("UNODC’s work, UNODC-led", [("UNODC", "unodc")]),
    # States in all their forms
    (
        "States parties, Member States and States",
        [("States parties", "states-parties"), ("Member States", "member-states"), ("States", "states")],
    ),
    ("the State of the nationality; the United States; the League of Arab States", []),
    ("All States and other States", [("States", "states"), ("States", "states")]),
    (
        "States that have not yet done so should be urged",
        [("States that have not yet done so", "states-not-yet-parties"), ("States", "states")],
    ),
    (
        "States which are not yet parties to it",
        [("States which are not yet parties", "states-not-yet-parties"), ("States", "states")],
    ),
    (
        "States parties, especially those with common borders,",
        [("States parties", "states-parties"), ("those with common borders", "states-parties-with-common-borders")],
    ),
    (
        "States parties with common borders should",
        [
            ("States parties with common borders", "states-parties-with-common-borders"),
            ("States parties", "states-parties"),
        ],
    ),
    (
        "among countries of origin, transit and destination programmes",
        [("countries of origin, transit and destination", "countries-of-origin-transit-and-destination")],
    ),
    # names that share a word
    (
        "regional or international organizations",
        [
            ("regional or international organizations", "regional-organizations"),
            ("international organizations", "international-organizations"),
        ],
    ),
    (
        "including international and regional organizations, the private sector",
        [
            ("international and regional organizations", "international-organizations"),
            ("regional organizations", "regional-organizations"),
            ("private sector", "private-sector"),
        ],
    ),
    (
        "international, regional and subregional organizations",
        [
            ("international, regional and subregional organizations", "international-organizations"),
            ("regional and subregional organizations", "regional-organizations"),
        ],
    ),
    ("international partners and other organizations", []),
    (
        "international intergovernmental organizations",
        [("international intergovernmental organizations", "international-organizations")],
    ),
    (
        "training to law enforcement and judicial officials",
        [
            ("law enforcement and judicial officials", "law-enforcement-authorities"),
            ("judicial officials", "judicial-authorities"),
        ],
    ),
    (
        "judicial and law enforcement authorities",
        [
            ("judicial and law enforcement authorities", "judicial-authorities"),
            ("law enforcement authorities", "law-enforcement-authorities"),
        ],
    ),
    (
        "Regional and international organizations met",
        [
            ("Regional and international organizations", "regional-organizations"),
            ("international organizations", "international-organizations"),
        ],
    ),
    # bodies, and other things with their names
    (
        "the Extended Bureau of the Conference",
        [("Extended Bureau of the Conference", "extended-bureau"), ("Conference", "conference-of-the-parties")],
    ),
    (
        "the Conference of the Parties to the Convention",
        [("Conference of the Parties to the Convention", "conference-of-the-parties"), ("Convention", "untoc (i)")],
    ),
    ("the Conference of the Parties to the Framework Convention on Climate Change", []),
    ("the Working Group on Trafficking in Persons", []),
    (
        "the Working Group on the Smuggling of Migrants",
        [("Working Group on the Smuggling of Migrants", "working-group")],
    ),
    ("the International Conference on Migration and conference room 5", []),
    ("advise the Conference on the implementation", [("Conference", "conference-of-the-parties")]),
    ("the Secretary-General of the designation of an authority", [("Secretary-General", "secretary-general")]),
    ("the Secretary-General of INTERPOL", [("INTERPOL", "interpol")]),
    # authorities and companies
    ("relevant foreign competent authorities", [("competent authorities", "competent-authorities")]),
    (
        "transport companies, especially airline companies, and companies",
        [("transport companies", "transport-companies"), ("airline companies", "airline-companies")],
    ),
    (
        "their consular and diplomatic representations abroad",
        [("consular and diplomatic representations", "consular-authorities")],
    ),
    ("the media and social media", [("media", "media")]),
    # tools and the actors in their names
    ("such as INTERPOL databases,", [("INTERPOL databases", "interpol-databases (t)"), ("INTERPOL", "interpol")]),
    (
        "regional databases such as those of the International Criminal Police Organization (INTERPOL), in order",
        [
            (
                "databases such as those of the International Criminal Police Organization (INTERPOL)",
                "interpol-databases (t)",
            ),
            ("International Criminal Police Organization (INTERPOL)", "interpol"),
        ],
    ),
    (
        "databases maintained by INTERPOL",
        [("databases maintained by INTERPOL", "interpol-databases (t)"), ("INTERPOL", "interpol")],
    ),
    ("databases such as those of UNODC", [("UNODC", "unodc")]),
    (
        "the UNODC Digest of Organized Crime Cases",
        [("UNODC Digest of Organized Crime Cases", "digest-of-organized-crime-cases (t)"), ("UNODC", "unodc")],
    ),
    (
        "the directory of competent national authorities",
        [
            ("directory of competent national authorities", "directory-of-competent-national-authorities (t)"),
            ("competent national authorities", "competent-authorities"),
        ],
    ),
    (
        "known as Sharing Electronic Resources and Laws against Organized Crime (SHERLOC), recently",
        [("Sharing Electronic Resources and Laws against Organized Crime (SHERLOC)", "sherloc (t)")],
    ),
    # groups
    ("smuggling of migrants, smuggling migrants, to smuggle migrants, migrant smuggling", []),
    ("inform migrants of their rights", [("migrants", "migrants (g)")]),
    ("in investigating smugglers and migrants", [("migrants", "migrants (g)")]),
    (
        "the smuggled migrant and such migrants",
        [("smuggled migrant", "smuggled-migrants (g)"), ("migrants", "migrants (g)")],
    ),
    ("of migrants smuggled by sea", [("migrants smuggled", "smuggled-migrants (g)")]),
    (
        "the migrants who are the object of the smuggling when",
        [("migrants who are the object of the smuggling", "smuggled-migrants (g)")],
    ),
    ("migrants who have been smuggled", [("migrants who have been smuggled", "smuggled-migrants (g)")]),
    (
        "vulnerable categories of smuggled migrants, including pregnant women, women with children and unaccompanied minors",
        [
            ("vulnerable categories", "vulnerable-migrants (g)"),
            ("smuggled migrants", "smuggled-migrants (g)"),
            ("pregnant women", "pregnant-women (g)"),
            ("women with children", "women-with-children (g)"),
            ("unaccompanied minors", "unaccompanied-minors (g)"),
        ],
    ),
    (
        "Smuggling of vulnerable migrants, such as children, including unaccompanied children;",
        [
            ("vulnerable migrants", "vulnerable-migrants (g)"),
            ("children", "children (g)"),
            ("unaccompanied children", "unaccompanied-minors (g)"),
        ],
    ),
    (
        "Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children",
        [
            (
                "Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children",
                "trafficking-protocol (i)",
            )
        ],
    ),
    (
        "Migrants left. Women stayed with the Families of Smugglers",
        [("Migrants", "migrants (g)"), ("Women", "women (g)")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:50] for text, _ in CASES])
def test_names_are_found_in_every_form(naming: Naming, text: str, expected: list[tuple[str, str]]) -> None:
    assert named(naming, text) == expected
