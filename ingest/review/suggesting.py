"""First suggestions for a document that nobody has judged, by rules alone, from what was judged about other documents.

Three rules: a judged recommendation cites the same provision; the same words stand in it; recommendations with the same
theme are linked to the same provision. Each suggestion says which rule made it, and is nobody's until a person decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ingest.review.texts import Recommendation

ALIKE = 0.3
"""Share of the word families of two recommendations that both have, from which their words count as the same."""
OFTEN = 3
"""How many recommendations with a theme are linked to a provision before the theme suggests it."""
AGENT = "palermo-suggestions"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme or a link suggested for a recommendation; ``table`` is ``themes`` or ``concordance``."""

    table: str
    document: str
    number: str
    value: str
    reason: str

    def cells(self) -> dict[str, str]:
        """The row that accepting it begins with."""
        column = "theme" if self.table == "themes" else "provision"
        return {
            "recommendation": self.number,
            column: self.value,
            "reason": self.reason,
            "confidence": "medium",
            "agent": AGENT,
            "review_status": "unreviewed",
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """A recommendation judged before, with its themes and the provisions it is linked to."""

    recommendation: Recommendation
    themes: frozenset[str]
    provisions: frozenset[str]


def likeness(one: Recommendation, other: Recommendation) -> float:
    """The share of word families that both have, over what either has."""
    together = one.stems | other.stems
    return len(one.stems & other.stems) / len(together) if together else 0.0


def suggest(new: Recommendation, judged: Iterable[Judged]) -> Iterator[Suggestion]:
    """Suggestions for one recommendation, each value once, by the first rule that gives it."""
    before = list(judged)
    seen: set[tuple[str, str]] = set()
    for table, value, reason in (*_by_text(new, before), *_by_theme(new, before)):
        if (table, value) not in seen and value not in new.cites:
            seen.add((table, value))
            yield Suggestion(table, new.document, new.number, value, reason)


def _by_text(new: Recommendation, judged: list[Judged]) -> Iterator[tuple[str, str, str]]:
    near = sorted(judged, key=lambda each: -likeness(new, each.recommendation))[:3]
    citing = [each for each in judged if set(new.cites) & set(each.recommendation.cites)]
    alike = [each for each in near if likeness(new, each.recommendation) >= ALIKE]
    for found, why in ((citing, "which cites the same provision"), (alike, "in which the same words stand")):
        for each in found:
            place = f"recommendation {each.recommendation.number} of {each.recommendation.document}, {why}, has it"
            for table, values in (("themes", each.themes), ("concordance", each.provisions)):
                for value in sorted(values):
                    yield table, value, f"Suggested by a rule: {place}."


def _by_theme(new: Recommendation, judged: list[Judged]) -> Iterator[tuple[str, str, str]]:
    themes = {value for table, value, _ in _by_text(new, judged) if table == "themes"}
    for theme in sorted(themes):
        having = [each for each in judged if theme in each.themes]
        linked = Counter(provision for each in having for provision in each.provisions)
        for provision, count in sorted(linked.items()):
            if count >= max(OFTEN, len(having) / 2):
                why = f"{count} of {len(having)} recommendations with the theme {theme} are linked to it"
                yield "concordance", provision, f"Suggested by a rule: {why}."


def judged_before(
    recommendations: Mapping[str, Mapping[str, Recommendation]], rows: Iterable[tuple[str, str, Mapping[str, str]]]
) -> list[Judged]:
    """The recommendations with judgements, from rows of tables: document, name of the table, cells."""
    themes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    links: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for document, table, cells in rows:
        if cells.get("theme") == "pending" or cells.get("review_status") == "rejected":
            continue
        place = (document, cells["recommendation"].replace(".", "-"))
        if table == "themes":
            themes[place].add(cells["theme"])
        elif table == "concordance":
            links[place].add(cells["provision"])
    return [
        Judged(recommendations[slug][number], frozenset(themes[slug, number]), frozenset(links[slug, number]))
        for slug, number in sorted(themes.keys() | links.keys())
        if number in recommendations.get(slug, {})
    ]
