"""Directives of decisions and resolutions of other bodies, in sentences of our own: each with the words of every directive,
its operative words marked."""

from __future__ import annotations

import pytest

from ingest.extraction.directives import find_directives
from ingest.extraction.names import Naming
from tests.ingest.extraction.marks import plain

CASES = [
    # infinitives whose "decides" stands above, and what asks nothing in one
    ("assembly", "To request the Harbour Office to count ferries.", ["To [request] the Harbour Office to count ferries"]),
    ("assembly", "to invite Parties to lend ships;", ["to [invite] Parties to lend ships"]),
    ("assembly", "Also to urge States to report, and to request the Board to count what they report.",
     ["Also to [urge] States to report", "to [request] the Board to count what they report"]),
    ("assembly", "To continue to open ports; and, to that end, to further urge the Board to lend ships.",
     ["To continue to open ports; and, to that end, to further [urge] the Board to lend ships"]),
    ("assembly", "To recommend that Parties, when counting, should count twice.",
     ["To [recommend] that Parties, when counting, should count twice"]),
    ("assembly", "To ask States to ensure that ports are open, ferries are safe and crews are heard;",
     ["To [ask] States to ensure that ports are open, ferries are safe and crews are heard"]),
    ("assembly", "To request the Office to hold a meeting, and to invite Parties to it.",
     ["To [request] the Office to hold a meeting, and to invite Parties to it"]),
    ("assembly", "To note that the following Parties have not counted their ferries;", []),
    ("assembly", "To renew the mandate of the Harbour Office;", []),
    # infinitives of a verb in the same sentence
    ("assembly", "Decides: (a) To approve the budget; (b) To request the Office to report; (c) To invite Parties to pay.",
     ["Decides: (a) To approve the budget; (b) To [request] the Office to report", "To [invite] Parties to pay"]),
    ("assembly", "Agrees to meet in May and to request the Chair to write to ports;",
     ["Agrees to meet in May and to [request] the Chair to write to ports"]),
    ("assembly", "The Assembly decided to open a port, and to call upon States to use it.",
     ["The Assembly decided to open a port, and to [call upon] States to use it"]),
    ("assembly", "Norway decides to open a port, and to call upon States to use it.", []),
    ("assembly", "Recalls that it decided to open a port, and to call upon States to use it;", []),
    # what an infinitive before a main clause is for
    ("assembly", "To encourage trade, the ports were opened.", []),
    ("assembly", "To urge States to help, the Board published a guide.", []),
    ("assembly", "To encourage States to help, UNODC should publish a guide.",
     ["To encourage States to help, UNODC [should] publish a guide"]),
    # behind a semicolon with a capital; again
    ("assembly", "INVITES Parties to count ferries; Further Requests the Office to report; strongly urges Chad to pay;",
     ["[INVITES] Parties to count ferries", "Further [Requests] the Office to report", "strongly [urges] Chad to pay"]),
    ("assembly", "Urges States to act; and continues to call upon Parties to report;",
     ["[Urges] States to act", "continues to [call upon] Parties to report"]),
    # who gives somebody a task, and who reminds somebody to act, not of a duty
    ("assembly", "MANDATES the Office, with Norway, to count ferries;", ["[MANDATES] the Office, with Norway, to count ferries"]),
    ("assembly", "Tasks the Board to count ferries, and entrusts Norway with the result;",
     ["[Tasks] the Board to count ferries", "[entrusts] Norway with the result"]),
    ("assembly", "Charges the Board to write a plan;", ["[Charges] the Board to write a plan"]),
    ("assembly", "Reminds Parties to count ferries;", ["[Reminds] Parties to count ferries"]),
    ("assembly", "Reminds Parties with ports of their duty to count ferries;", []),
    ("assembly", "Reminds Parties that each ferry should be counted;", ["Reminds Parties that each ferry [should] be counted"]),
    ("assembly", "Mandate of the Board to count ferries.", []),
    ("assembly", "Task force on ferries to meet in May.", []),
    # appeals, calls and invitations that somebody makes to somebody
    ("assembly", "Addresses an urgent appeal to all States to open ports;", ["[Addresses an urgent appeal] to all States to open ports"]),
    ("assembly", "Extends an invitation to the Board to visit ports;", ["[Extends an invitation] to the Board to visit ports"]),
    ("committee", "The Committee makes a recommendation on ferries and issued a call for papers.", []),
    # the conclusions of a body that meets, in the past and without its name
    ("committee", "Welcomed the report and appealed to Governments to open ports;",
     ["Welcomed the report and [appealed to] Governments to open ports"]),
    ("assembly", "Welcomed the report and appealed to Governments to open ports;", []),
    # ministers, and what they do themselves before they ask others
    ("ministers", "The Ministers called upon Parties to lend ships. They urged Norway to help.",
     ["The Ministers [called upon] Parties to lend ships", "They [urged] Norway to help"]),
    ("committee", "The Ministers called upon Parties to lend ships. They urged Norway to help.", []),
    ("ministers", "In this regard, the Ministers praised the Board and requested the Chair to report.",
     ["In this regard, the Ministers praised the Board and [requested] the Chair to report"]),
    ("ministers", "In this regard, the Chair praised the Board and requested the Ministers to report.", []),
    ("ministers", "We, the Ministers, commit ourselves to opening ports and call upon States to do likewise.",
     ["We, the Ministers, commit ourselves to opening ports and [call upon] States to do likewise"]),
    ("ministers", "We resolve to open ports, to lend ships and to urge others to do so.",
     ["We resolve to open ports, to lend ships and to [urge] others to do so"]),
    ("ministers", "Let us open the ports.", []),
    # statements that make clear, and views; what is hoped and expected asks nothing
    ("assembly", "Clarifies that ferries should be counted once;", ["Clarifies that ferries [should] be counted once"]),
    ("assembly", "Expresses the view that ports should be open;", ["Expresses the view that ports [should] be open"]),
    ("committee", "The Committee trusts that the Government will count ferries.", []),
    ("committee", "The Committee expresses the firm hope that the Government will count ferries.", []),
    # please; a passive
    ("committee", "Please also provide information on ferries.", ["Please also [provide] information on ferries"]),
    ("assembly", "The Standing Committee is instructed to count ferries.", ["The Standing Committee [is instructed to] count ferries"]),
    # the number or letter of a paragraph stands before its words, glued or with dots
    ("assembly", "2.Urges States to open ports.", ["[Urges] States to open ports"]),
    ("assembly", "140.6 Adopt a law on ferries.", ["[Adopt] a law on ferries"]),
    ("assembly", "(b) to request the Board to count ferries; (c) to invite Parties to pay.",
     ["to [request] the Board to count ferries", "to [invite] Parties to pay"]),
    ("assembly", "3. requests the Board to count ferries;", ["[requests] the Board to count ferries"]),
    ("committee", "2. welcomed the report and invited States to lend ships;",
     ["welcomed the report and [invited] States to lend ships"]),
    ("assembly", "2. welcomed the report and invited States to lend ships;", []),
    # an adverb before the verb behind a preamble
    ("assembly", "Recalling the report, Alarmed by delays, Strongly recommends that States count ferries.",
     ["Recalling the report, Alarmed by delays, Strongly [recommends] that States count ferries"]),
    # a main clause that is turned round, and a condition
    ("assembly", "Nor should any ferry be late.", ["Nor [should] any ferry be late"]),
    ("assembly", "Under no circumstances should a ferry be late.", ["Under no circumstances [should] a ferry be late"]),
    ("assembly", "Only in an emergency should ports close.", ["Only in an emergency [should] ports close"]),
    ("assembly", "Should any ferry be late, ports close.", []),
    # a name in capitals is no pronoun
    ("assembly", "ILO, WHO and other agencies of the Union are called upon to act.",
     ["ILO, WHO and other agencies of the Union [are called upon to] act"]),
    # what somebody did whom the issuer tells of in the present
    ("committee", "The Committee notes that the Harbour Committee recommended a law. It further recommended that ferries be "
     "counted.", []),
    ("committee", "The Committee notes the report. It encourages States to count ferries.",
     ["It [encourages] States to count ferries"]),
    # a relative clause between a noun and its modal
    ("assembly", "Measures that concern ferries must be counted.", ["Measures that concern ferries [must] be counted"]),
    ("assembly", "Decisions that the Board takes must be published.", ["Decisions that the Board takes [must] be published"]),
    ("assembly", "The decisions which the Board has taken on ferries should be published.",
     ["The decisions which the Board has taken on ferries [should] be published"]),
    ("assembly", "The rules that apply to ferries must be published.", ["The rules that apply to ferries [must] be published"]),
    ("assembly", "The tolls that ferries pay should be low.", ["The tolls that ferries pay [should] be low"]),
    ("assembly", "Courts that hear such cases must be open.", ["Courts that hear such cases [must] be open"]),
    ("assembly", "The steps that were taken, which the Board welcomed, should be repeated.",
     ["The steps that were taken, which the Board welcomed, [should] be repeated"]),
    ("assembly", "Stresses that decisions that the Board takes should be published.",
     ["Stresses that decisions that the Board takes [should] be published"]),
    ("assembly", "The ports that States must open are few.", []),
    ("assembly", "The needs that support services must meet are large.", []),
    ("assembly", "The rules that young people must obey are few.", []),
    ("assembly", "There are many decisions that ports must take.", []),
    ("assembly", "The view that support services should be free is shared by many.", []),
    ("assembly", "Reports that harbours must close are false.", []),
    ("assembly", "Norway said that measures that concern ferries must be counted.", []),
    ("assembly", "If measures that concern ferries must be counted, ports close.", []),
]  # fmt: skip


@pytest.mark.parametrize(("issuer", "text", "marked"), CASES, ids=[text[:60] for _, text, _ in CASES])
def test_what_a_decision_asks(naming: Naming, issuer: str, text: str, marked: list[str]) -> None:
    found = find_directives(text, naming.mentions(text), issuer)
    assert [each.span.cut(text) for each in found] == [plain(each) for each in marked]
    assert [f"[{each.operative.cut(text)}]" in words for each, words in zip(found, marked, strict=True)] == [
        True
    ] * len(found)
