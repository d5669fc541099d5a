"""Actors, tools and groups in words of the source and in invented ones; groups end in (g), tools in (t)."""

from __future__ import annotations

import pytest

from ingest.extraction.names import Naming
from tests.ingest.extraction.marks import plain, with_marks

MARKS = {"actor": "", "tool": " (t)", "group": " (g)", "instrument": " (i)"}


def named(naming: Naming, text: str) -> str:
    mentions = naming.mentions(text)
    return with_marks(text, [(each.span, each.entity.rsplit("/", 1)[1] + MARKS[each.kind]) for each in mentions])


CASES = [
    # full names, acronyms, articles left out
    "including the [United Nations Office on Drugs and Crime (UNODC)|unodc], to continue",
    "the [International Organization for Migration (IOM)|iom]",
    "the [International Organization for Migration|iom] (OIM)",
    "[UNODC|unodc]’s work, UNODC-led",
    # States in all their forms
    "[States parties|states-parties], [Member States|member-states] and [States|states]",
    "the State of the nationality; the United States; the League of Arab States",
    "All [States|states] and other [States|states]",
    "[[States|states] that have not yet done so|states-not-yet-parties] should be urged",
    "[[States|states] which are not yet parties|states-not-yet-parties] to it",
    "[States parties|states-parties], especially [those with common borders|states-parties-with-common-borders],",
    "[[States parties|states-parties] with common borders|states-parties-with-common-borders] should",
    "among [countries of origin, transit and destination|countries-of-origin-transit-and-destination] programmes",
    # names that share a word
    "[regional or [international organizations|international-organizations]|regional-organizations]",
    "including [international and [regional organizations|regional-organizations]|international-organizations], the "
    "[private sector|private-sector]",
    "[international, [regional and subregional organizations|regional-organizations]|international-organizations]",
    "international partners and other organizations",
    "[international intergovernmental organizations|international-organizations]",
    "training to [law enforcement and [judicial officials|judicial-authorities]|law-enforcement-authorities]",
    "[judicial and [law enforcement authorities|law-enforcement-authorities]|judicial-authorities]",
    "[Regional and [international organizations|international-organizations]|regional-organizations] met",
    # bodies, and other things with their names
    "the [Extended Bureau of the [Conference|conference-of-the-parties]|extended-bureau]",
    "the [Conference of the Parties to the [Convention|untoc (i)]|conference-of-the-parties]",
    "the Conference of the Parties to the Framework Convention on Climate Change",
    "the Working Group on Trafficking in Persons",
    "the [Working Group on the Smuggling of Migrants|working-group]",
    "the International Conference on Migration and conference room 5",
    "advise the [Conference|conference-of-the-parties] on the implementation",
    "the [Secretary-General|secretary-general] of the designation of an authority",
    "the Secretary-General of [INTERPOL|interpol]",
    # authorities and companies
    "relevant foreign [competent authorities|competent-authorities]",
    "[transport companies|transport-companies], especially [airline companies|airline-companies], and companies",
    "their [consular and diplomatic representations|consular-authorities] abroad",
    "the [media|media] and social media",
    # tools and the actors in their names
    "such as [[INTERPOL|interpol] databases|interpol-databases (t)],",
    "regional [databases such as those of the [International Criminal Police Organization "
    "(INTERPOL)|interpol]|interpol-databases (t)], in order",
    "[databases maintained by [INTERPOL|interpol]|interpol-databases (t)]",
    "databases such as those of [UNODC|unodc]",
    "the [[UNODC|unodc] Digest of Organized Crime Cases|digest-of-organized-crime-cases (t)]",
    "the [directory of [competent national "
    "authorities|competent-authorities]|directory-of-competent-national-authorities (t)]",
    "known as [Sharing Electronic Resources and Laws against Organized Crime (SHERLOC)|sherloc (t)], recently",
    # groups
    "smuggling of migrants, smuggling migrants, to smuggle migrants, migrant smuggling",
    "inform [migrants|migrants (g)] of their rights",
    "in investigating smugglers and [migrants|migrants (g)]",
    "the [smuggled migrant|smuggled-migrants (g)] and such [migrants|migrants (g)]",
    "of [migrants smuggled|smuggled-migrants (g)] by sea",
    "the [migrants who are the object of the smuggling|smuggled-migrants (g)] when",
    "[migrants who have been smuggled|smuggled-migrants (g)]",
    "[vulnerable categories|vulnerable-migrants (g)] of [smuggled migrants|smuggled-migrants (g)], including "
    "[pregnant women|pregnant-women (g)], [women with children|women-with-children (g)] and [unaccompanied "
    "minors|unaccompanied-minors (g)]",
    "Smuggling of [vulnerable migrants|vulnerable-migrants (g)], such as [children|children (g)], including "
    "[unaccompanied children|unaccompanied-minors (g)];",
    "[Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and "
    "Children|trafficking-protocol (i)]",
    "[Migrants|migrants (g)] left. [Women|women (g)] stayed with the Families of Smugglers",
]


@pytest.mark.parametrize("marked", CASES)
def test_names_are_found_in_every_form(naming: Naming, marked: str) -> None:
    assert named(naming, plain(marked)) == marked
