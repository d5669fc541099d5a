"""The kinds of things that have a page each and a list together: one table of what pages have to know of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing, by the name that it has in addresses, with its class.

    ``path`` is that of its list, whose heading is ``heading`` and about which ``meaning`` says what to know.
    ``filters`` may each list the recommendations of a thing, the first of them when things are compared. ``origin``
    says who found out what is said of recommendations. What ``is_scheme`` is a concept scheme of the vocabulary;
    ``is_shared`` and ``is_explored`` say whether its page tells what its recommendations share, and leads to the
    explorer; ``by_filter`` whether its list counts what its filter finds, and not what is narrower as well.
    """

    name: str
    class_: str
    path: str
    heading: str
    singular: str
    meaning: str
    filters: tuple[str, ...] = ()
    origin: str = "rules"
    is_scheme: bool = False
    is_shared: bool = False
    is_explored: bool = False
    by_filter: bool = False

    @property
    def filter(self) -> str:
        """The filter whose values stand side by side when things are compared, or nothing."""
        return next(iter(self.filters), "")


KINDS = (
    Kind(
        "actor", "Actor", "actors", "Actors", "Actor",
        "Everyone the recommendations address, ask or name. Counts are recommendations, each once.",
        ("addressee", "asked", "actor"), is_shared=True, is_explored=True,
    ),
    Kind(
        "tool", "Tool", "tools", "Tools", "Tool",
        "Databases, directories, portals and digests that the recommendations name.",
        ("actor",), is_shared=True, is_explored=True,
    ),
    Kind(
        "theme", "Theme", "themes", "Themes", "Theme",
        "A scheme of this project. Which recommendation has which theme does not stand in the text.",
        ("theme",), "suggested", is_scheme=True, is_shared=True, is_explored=True,
    ),
    Kind(
        "group", "AffectedGroup", "groups", "Affected groups", "Affected group",
        "Whose situation the recommendations name, in their own words.",
        ("group",), is_scheme=True, is_shared=True, is_explored=True,
    ),
    Kind(
        "meeting", "Meeting", "meetings", "Meetings", "Meeting",
        "Where the recommendations were adopted.",
        ("meeting",), "text", is_shared=True,
    ),
    Kind(
        "modality", "Modality", "modalities", "Strength of language", "Operative phrase",
        "The operative phrases. Their strength from 1 to 5 is a convention of this project, not of those who issue "
        "recommendations: an order, not a measure. Where they request or recommend something of organs of their own, "
        "it is not on the scale.",
        ("modality",), is_scheme=True,
    ),
    Kind(
        "qualifier", "Qualifier", "qualifiers", "Qualifying phrases", "Qualifying phrase",
        "Words that limit what is asked: escape clauses and conditions. Under these two headings count only those that "
        "bound a whole directive; under each phrase all.",
        ("qualifier",), is_scheme=True, by_filter=True,
    ),
    Kind(
        "action", "Action", "actions", "Actions", "Action",
        "What the recommendations ask to do, as the verbs behind their operative words say it. Read by rules; a "
        "wording that means the same is the same action. What is asked only to be considered counts as well.",
        ("action",), is_scheme=True, by_filter=True,
    ),
    Kind(
        "instrument", "Instrument", "instruments", "Instruments", "Instrument",
        "The treaties that the recommendations cite, and their family.",
        ("instrument",),
    ),
    Kind(
        "document", "Document", "documents", "Documents", "Document",
        "The documents of this corpus, with their recommendations.",
        ("document",),
    ),
    Kind(
        "resolution", "Resolution", "resolutions", "Resolutions", "Resolution",
        "Resolutions that the documents name.",
    ),
)  # fmt: skip
LISTED = {kind.path: kind for kind in KINDS}
NAMED = {kind.name: kind for kind in KINDS}
