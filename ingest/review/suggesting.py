"""First suggestions for a document that nobody has judged, by rules alone, from what was judged about other documents.

Three rules: a judged recommendation cites the same provision; the same words stand in it; recommendations with the same
theme are linked to the same provision. Each suggestion says which rule made it, and is nobody's until a person decides.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ingest.editorial import OF_A_JUDGEMENT, PENDING, REJECTED, REVIEW_STATUS, UNREVIEWED
from ingest.review.texts import Recommendation

NEAREST = 5
"""How many recommendations with the same words are asked."""
ALIKE = 0.33
"""How like they must be together for what they have to be suggested. With each of the recommendations of 2015 left out
in turn, 44 of 100 suggested themes and 30 of 100 provisions were those it has; a higher bar leaves more without any."""
OFTEN = 3
"""How many recommendations with a theme are linked to a provision before the theme suggests it."""
AGENT = "palermo-suggestions"


class Suggestion(NamedTuple):
    """A theme or a link suggested for a recommendation; ``table`` is ``themes`` or ``concordance``."""

    table: str
    number: str
    value: str
    reason: str

    def cells(self) -> dict[str, str]:
        """The row that accepting it begins with."""
        what = {"recommendation": self.number, OF_A_JUDGEMENT[self.table][1]: self.value, "reason": self.reason}
        return {**what, "confidence": "medium", "agent": AGENT, REVIEW_STATUS: UNREVIEWED}


@dataclass(frozen=True, slots=True)
class Judged:
    """A recommendation judged before, with its themes and the provisions it is linked to."""

    recommendation: Recommendation
    themes: frozenset[str]
    provisions: frozenset[str]

    @property
    def values(self) -> list[tuple[str, str]]:
        """Its themes and provisions, each with its table."""
        themes = [("themes", value) for value in sorted(self.themes)]
        return [*themes, *(("concordance", value) for value in sorted(self.provisions))]


def suggest(new: Recommendation, judged: Iterable[Judged]) -> Iterator[Suggestion]:
    """Suggestions for one recommendation, each value once, by the first rule that gives it."""
    before = list(judged)
    seen: set[tuple[str, str]] = set()
    for table, value, reason in (*_by_text(new, before), *_by_theme(new, before)):
        if (table, value) not in seen and value not in new.cites:
            seen.add((table, value))
            yield Suggestion(table, new.number, value, reason)


def _by_text(new: Recommendation, judged: list[Judged]) -> Iterator[tuple[str, str, str]]:
    cited = {each for each in new.cites if "/" in each}
    citing = [each for each in judged if cited & set(each.recommendation.cites)]
    for each in citing:
        for table, value in each.values:
            yield table, value, f"Suggested by a rule: {_named([each])}, which cites the same provision, has it."
    having: defaultdict[tuple[str, str], list[tuple[float, Judged]]] = defaultdict(list)
    for likeness, each in sorted(_likeness(new, judged), key=lambda pair: -pair[0])[:NEAREST]:
        for table, value in each.values:
            having[table, value].append((likeness, each))
    for (table, value), near in sorted(having.items()):
        if sum(likeness for likeness, _ in near) >= ALIKE:
            those = [each for _, each in near]
            have = "has it" if len(those) == 1 else "have it"
            yield table, value, f"Suggested by a rule: {_named(those)}, in which the same words stand, {have}."


def _named(those: list[Judged]) -> str:
    """Recommendations by number and document: ``recommendations 64 and 69 of som-wg-2015``."""
    of: defaultdict[str, list[str]] = defaultdict(list)
    for each in those:
        of[each.recommendation.document].append(each.recommendation.number)
    numbers = (f"{', '.join(own[:-1])}{' and ' * (len(own) > 1)}{own[-1]} of {slug}" for slug, own in of.items())
    return f"recommendation{'s' * (len(those) > 1)} {' and '.join(numbers)}"


def _likeness(new: Recommendation, judged: list[Judged]) -> Iterator[tuple[float, Judged]]:
    """How like each is to the new one: the cosine of their word families, rare ones counting for more."""
    frequency = Counter(stem for each in judged for stem in each.recommendation.stems)

    def weight(stems: frozenset[str]) -> float:
        return sum(math.log((len(judged) + 1) / (frequency[stem] or 1)) ** 2 for stem in stems)

    own = weight(new.stems)
    for each in judged:
        both = weight(new.stems & each.recommendation.stems)
        if both:
            yield both / math.sqrt(own * weight(each.recommendation.stems)), each


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
    judged: dict[str, defaultdict[tuple[str, str], set[str]]] = {
        table: defaultdict(set) for table in ("themes", "concordance")
    }
    for document, table, cells in rows:
        if table in judged and cells.get("theme") != PENDING and cells.get(REVIEW_STATUS) != REJECTED:
            judged[table][document, cells["recommendation"].replace(".", "-")].add(cells[OF_A_JUDGEMENT[table][1]])
    themes, links = judged.values()
    return [
        Judged(recommendations[slug][number], frozenset(themes[slug, number]), frozenset(links[slug, number]))
        for slug, number in sorted(themes.keys() | links.keys())
        if number in recommendations.get(slug, {})
    ]
