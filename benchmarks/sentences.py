"""Recommendations made of words by chance, in the manner of the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from benchmarks import words

Choice = TypeVar("Choice", bound=tuple[object, ...])
Provision = tuple[str, int, int | None]


@dataclass(frozen=True, slots=True)
class Recommended:
    """A paragraph with the texts of its items, lettered from (a), and the paths of the provisions that it cites."""

    text: str
    items: tuple[str, ...] = ()
    cites: frozenset[str] = frozenset()


def provision_path(provision: Provision) -> str:
    """The path of a provision below ``id/instrument/``."""
    instrument, article, paragraph = provision
    return f"{instrument}/article/{article}" + (f"/paragraph/{paragraph}" if paragraph else "")


class Sentences:
    """Makes paragraphs; the same chance makes the same paragraphs."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._cites: set[str] = set()

    def recommendation(self) -> Recommended:
        """A paragraph of one or two sentences with at least one directive."""
        self._cites = set()
        kind = self.chance.random()
        if kind < 0.04:
            return self._topics()
        if kind < 0.10:
            text = self._requested()
        elif kind < 0.13:
            text = f"The Working Group recommended that States parties should {self._doing()}."
        elif kind < 0.19:
            what, done = self.chance.choice(words.PASSIVES)
            text = f"{what} should be {done}."
        else:
            text = self._addressed()
        return Recommended(text, cites=frozenset(self._cites))

    def _weighted(self, choices: Sequence[Choice]) -> Choice:
        return self.chance.choices(choices, [float(str(choice[-1])) for choice in choices])[0]

    def _citation(self, provision: Provision, short: bool) -> str:
        """A provision as a text cites it: ``article 16, paragraph 5, of the Smuggling of Migrants Protocol``."""
        self._cites.add(provision_path(provision))
        instrument, article, paragraph = provision
        printed = f"article {article}" + (f", paragraph {paragraph}," if paragraph else "")
        return f"{printed} of the {words.INSTRUMENT_NAMES[instrument][short]}"

    def _doing(self, gerund: bool = False) -> str:
        return f"{self.chance.choice(words.VERBS)[gerund]} {self.chance.choice(words.OBJECTS)}"

    def _action(self, gerund: bool) -> str:
        if self.chance.random() < 0.12:
            base, being, rest = self.chance.choice(words.ASKED)
            return f"{being if gerund else base} {rest}"
        action = self._doing(gerund) + self.chance.choice(words.PURPOSES)
        if self.chance.random() < 0.15:
            provision = self.chance.choice(words.PROVISIONS)
            action += f", as referred to in {self._citation(provision, self.chance.random() < 0.3)}"
        return action

    def _addressed(self) -> str:
        chance, text = self.chance, ""
        subject, plural, _ = self._weighted(words.SUBJECTS)
        if chance.random() < 0.15:
            text = chance.choice(words.LEAD_INS) if chance.random() < 0.6 else self._pursuant()
            subject = subject.replace("The ", "the ")
        modal, clause = self._clause(plural)
        text += f"{subject} {clause}"
        if modal == "should" and chance.random() < 0.12:
            text += f" and {self._clause(plural, 'should')[1]}"
        following = chance.random()
        if following < 0.12:
            return f"{text}. {chance.choice(words.DESCRIPTIONS)}"
        if following < 0.24 and plural:
            return f"{text}. They may also wish to {self._rest('may wish to')}."
        return f"{text}."

    def _pursuant(self) -> str:
        return f"Pursuant to {self._citation(self.chance.choice(words.PROVISIONS), False)}, "

    def _clause(self, plural: bool, modal: str = "") -> tuple[str, str]:
        """The modal and the words from it on."""
        printed, _ = self._weighted(words.MODALS)
        printed = modal or printed
        text = printed if plural else printed.replace("are ", "is ")
        if printed in ("should", "may", "could") and self.chance.random() < 0.12:
            text += f", {self.chance.choice(words.QUALIFIERS_WITHIN)},"
        return printed, f"{text} {self._rest(printed)}"

    def _rest(self, modal: str) -> str:
        consider = self.chance.random() < (0.45 if modal in ("may wish to", "could", "may") else 0.12)
        rest = f"{'consider ' * consider}{self._action(gerund=consider)}"
        if self.chance.random() < 0.15:
            rest += f", {self.chance.choice(words.QUALIFIERS_BEHIND)}"
        return rest

    def _requested(self) -> str:
        name = self.chance.choice(("UNODC", "the Secretariat"))
        return f"The Working Group requested {name} to {self._doing()}."

    def _topics(self) -> Recommended:
        question = "that the following topics be considered at future meetings:"
        topics = self.chance.sample(words.TOPICS, self.chance.randint(2, 4))
        items = tuple(f"{topic}{'.' if topic is topics[-1] else ';'}" for topic in topics)
        return Recommended(f"The Working Group recommended to the Conference {question}", items)
