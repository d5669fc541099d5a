"""Directives of invented sentences: modality, who is to act, whom to ask, only to consider. Those of the source are compared
with what readers wrote down (`tests/ingest/test_accuracy.py`)."""

from __future__ import annotations

import time

import pytest

from ingest.extraction.directives import find_directives
from ingest.extraction.findings import Directive
from ingest.extraction.names import Naming

SP = "states-parties"
CONSIDER = True


def directives(naming: Naming, text: str) -> tuple[Directive, ...]:
    return find_directives(text, naming.mentions(text), "working-group")


def outline(found: tuple[Directive, ...]) -> list[tuple[str, str, str, bool]]:
    return [(each.modality, " ".join(each.addressees), " ".join(each.asked), each.consider_only) for each in found]


INVENTED = [
    # what is asked stands in a list behind "to:", here or in items of their own
    ("Invites Member States to: (a) Ratify it; (b) Lend ships.", [("invited", "member-states", "", False)]),
    ("Invites Member States to:", [("invited", "member-states", "", False)]),
    ("Urges States to, where possible: (a) Lend ships.", [("urged", "states", "", False)]),
    ("Calls upon States parties that have ports to:", [("urged", SP, "", False)]),
    ("Requests UNODC, with the Secretariat, to:", [("requested", "unodc", "", False)]),
    ("Reminds Member States to: (a) count ferries;", [("requested", "member-states", "", False)]),
    ("Recommends to States parties to: (a) ratify it;", [("recommended", SP, "", False)]),
    ("Requests a report of UNODC on threats to: (a) ports; (b) ferries.", [("requested", "", "", False)]),
    ("Draws the attention of Member States to:", []),
    # other modals and verbs of request
    ("States shall cooperate. States must act. States need to act.", [("should", "states", "", False)] * 3),
    ("UNODC ought to assist.", [("should", "unodc", "", False)]),
    ("States parties might wish to consider reform.", [("may-wish", SP, "", CONSIDER)]),
    ("The Working Group urges States parties to ratify the Protocol.", [("urged", SP, "", False)]),
    ("The Working Group calls upon UNODC, in consultation with States parties, to report.",
     [("urged", "unodc", "", False)]),
    ("Calls upon Member States to act, and requests the Secretariat to report.",
     [("urged", "member-states", "", False), ("requested", "secretariat", "", False)]),
    ("Member States and UNODC are called upon to act.", [("urged", "member-states unodc", "", False)]),
    ("The Working Group recommends that States consider reform.", [("recommended", "states", "", CONSIDER)]),
    ("It was also recommended that UNODC should report.", [("recommended", "unodc", "", False)]),
    ("The Working Group reiterated its recommendation that States parties should act.",
     [("recommended", SP, "", False)]),
    ("The Working Group agreed that States parties should act; and that the Secretariat should report.",
     [("recommended", f"{SP} secretariat", "", False)]),
    ("The Working Group recommended that, at its next session, the Conference adopt a plan.",
     [("recommended", "conference-of-the-parties", "", False)]),
    ("The Working Group recommended to States parties that they should act.", [("recommended", SP, "", False)]),
    ("The Working Group welcomed the report and requested UNODC, subject to resources, to publish it.",
     [("requested", "unodc", "", False)]),
    ("The Working Group decided to request the Secretariat to report.", [("requested", "secretariat", "", False)]),
    ("The Working Group urged States that had not yet done so to consider accession.",
     [("urged", "states-not-yet-parties states", "", CONSIDER)]),
    ("The Working Group encouraged cooperation between States parties and UNODC to combat crime.",
     [("encouraged", "", "", False)]),
    ("The Working Group noted that States parties should act.", [("should", SP, "", False)]),
    ("The Secretariat was requested to prepare a paper, which should be short.",
     [("requested", "secretariat", "", False)]),
    ("States parties are strongly encouraged, as appropriate, to consider reform.", [("encouraged", SP, "", CONSIDER)]),
    # who does not speak does not ask
    ("The Conference requested the Secretary-General to provide staff.", []),
    ("The requests of States concern visas. States respond to requests.", []),
    ("The paper was prepared at the request of the Working Group.", []),
    # passives of directive verbs
    ("States parties should be invited to report.", [("invited", SP, "", False)]),
    ("The Secretariat could be requested to report.", [("could", "secretariat", "", False)]),
    ("States are urged to act and are invited to report.",
     [("urged", "states", "", False), ("invited", "states", "", False)]),
    ("States are urged to act and invited to report.",
     [("urged", "states", "", False), ("invited", "states", "", False)]),
    # who is to act
    ("States parties, UNODC and civil society should act.", [("should", f"{SP} unodc civil-society", "", False)]),
    ("States parties, donors and civil society are invited to act.", [("invited", f"{SP} civil-society", "", False)]),
    ("International organizations, including UNODC, should act.",
     [("should", "international-organizations unodc", "", False)]),
    ("UNODC, in consultation with States parties, should act.", [("should", "unodc", "", False)]),
    ("States parties that have ratified the Protocol should act.", [("should", SP, "", False)]),
    ("States parties in a position to do so should act.", [("should", SP, "", False)]),
    ("In this regard States parties should act.", [("should", SP, "", False)]),
    ("In cooperation with UNODC, training should be provided.", [("should", "", "", False)]),
    ("The efforts of States parties should be supported.", [("should", "", "", False)]),
    ("States parties’ efforts should be supported.", [("should", "", "", False)]),
    ("The Working Group should be informed of progress.", [("should", "", "", False)]),
    ("States should be aware of risks and be prepared to act.", [("should", "states", "", False)]),
    ("INTERPOL databases should be used.", [("should", "", "", False)]),
    ("The Working Group on Trafficking in Persons should act.",
     [("should", "working-group-on-trafficking-in-persons", "", False)]),
    ("If States parties lack capacity, they may wish to ask UNODC to help.", [("may-wish", SP, "unodc", False)]),
    ("The Secretariat should act. It should also report.", [("should", "secretariat", "", False)] * 2),
    ("Measures should be taken. They should be proportionate.", [("should", "", "", False)] * 2),
    ("Governments may consider reform.", [("may", "governments", "", CONSIDER)]),
    # what only describes
    ("Evidence must meet the standard of proof.", []),
    ("Measures must be taken.", [("should", "", "", False)]),
    ("Such measures may include training and could involve the media.", []),
    ("Section 4 could be considered as barring ferries.", []),
    ("States parties may face difficulties. Costs can be high.", []),
    ("The topics which States parties may wish to discuss include visas.", []),
    ("As States parties may decide, measures may be taken.", []),
    ("It should be noted that smugglers may use the Internet.", []),
    ("States parties should ensure that persons who may be at risk are told that help could be given.",
     [("should", SP, "", False)]),
    ("Service providers who could assist and authorities that should act met.", []),
    ("The Working Group met in Vienna from 30 May to 1 June.", []),
    # whom to ask
    ("States should seek assistance from UNODC or IOM.", [("should", "states", "unodc iom", False)]),
    ("States may request the support of UNODC.", [("may", "states", "unodc", False)]),
    ("States should invite relevant international and regional organizations, including INTERPOL, to join.",
     [("should", "states", "international-organizations regional-organizations interpol", False)]),
    ("States should inform UNODC, notify the Secretariat and cooperate with IOM.", [("should", "states", "", False)]),
    ("States should encourage the private sector to report.", [("should", "states", "", False)]),
    ("States should respond to requests for assistance from other States.", [("should", "states", "", False)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), INVENTED, ids=[text[:60] for text, _ in INVENTED])
def test_directives_of_invented_sentences(
    naming: Naming, text: str, expected: list[tuple[str, str, str, bool]]
) -> None:
    assert outline(directives(naming, text)) == expected


WORDS = [
    ("States parties should act and should report.", ["States parties should act", "should report"]),
    ("Demands that delays cease and stresses that ferries should sail, and that ports should be open.",
     ["Demands that delays cease", "stresses that ferries should sail", "ports should be open"]),
    ("In doing so, States parties should act; measures should therefore be taken to help.",
     ["In doing so, States parties should act", "measures should therefore be taken to help"]),
    ("States should act, and in that regard, UNODC should help.",
     ["States should act", "in that regard, UNODC should help"]),
    ("States should act, and training should be provided, and UNODC should help.",
     ["States should act", "training should be provided", "UNODC should help"]),
    ("Noting this, States should act. They may also wish to report:",
     ["Noting this, States should act", "They may also wish to report"]),
    ("States parties could act; such cooperation could include visas.",
     ["States parties could act; such cooperation could include visas"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WORDS, ids=[text[:40] for text, _ in WORDS])
def test_a_sentence_is_cut_before_each_further_clause(naming: Naming, text: str, expected: list[str]) -> None:
    assert [each.span.cut(text) for each in directives(naming, text)] == expected


def test_the_operative_words_end_before_the_verb_of_another_directive(naming: Naming) -> None:
    text = (
        "States parties should, as appropriate, strengthen shelters so that changes are known in time and should, "
        "as appropriate, consider extending agreements."
    )
    assert [each.operative.cut(text) for each in directives(naming, text)] == [
        "should",
        "should, as appropriate, consider",
    ]


FORMS = [
    # directs; an actor behind an aside, and behind members of a list that have no name; a collective with its noun
    ("Directs the Committee on Ports, as its first task, to count the ferries.",
     [("requested", "committee-on-ports", "Directs")]),
    ("The Assembly directs that harbour offices shall count the ferries.", [("requested", "", "directs")]),
    ("Encourages the Commission on Ports, as the organ for ferries, and as the body of the Fund, and the Harbour Board "
     "to count the ferries.", [("encouraged", "commission-on-ports harbour-board", "Encourages")]),
    ("Calls upon UNODC, other willing helpers, friendly ports, civil society and harbour offices to count the ferries.",
     [("urged", "unodc civil-society", "Calls upon")]),
    ("The Committee on Ports, its offices and the Harbour Board should count the ferries.",
     [("should", "committee-on-ports harbour-board", "should")]),
    ("Urges the United Nations system and the Kampala institutions to count the ferries.",
     [("urged", "united-nations-system kampala-institutions", "Urges")]),
    ("Requests the Intergovernmental Working Group on Ports to count the ferries.",
     [("requested", "intergovernmental-working-group-on-ports", "Requests")]),
    ("Demands that all crews, in particular the Norwegian authorities, count the ferries.",
     [("urged", "norwegian-authorities", "Demands")]),
    ("Demands the immediate release of the ferries.", [("urged", "", "Demands")]),
    ("Requests the World Ferry Programme to count the ferries.", [("requested", "world-ferry-programme", "Requests")]),
    # several issuers; an invitation with its article; "should" behind a "could" that describes
    ("The Committees therefore urge States to count ferries.", [("urged", "states", "urge")]),
    ("Reiterates the invitation to States to count ferries;", [("invited", "states", "Reiterates the invitation")]),
    ("Reiterates the call of the Board for ferries;", []),
    ("The Board has noted that ports have practices that could and should be followed.", []),
    # what a rule says and a preamble tells; what is decided of facts; a lead-in before what is recommended
    ("According to article 12 of the Statute, the Assembly shall meet in Vienna.", []),
    ("Reaffirming that the Statute says that ports, the loss of which is felt, shall seek a solution,", []),
    ("The Committee, acting under article 22 of the Convention, decides that the facts before it disclose a delay.", []),
    ("Recommends that, consistent with the Convention, further steps can and should be taken.",
     [("recommended", "", "Recommends")]),
    # an item behind its letter; a participle and then a verb, unless it tells of a verb
    ("(d) Urges States to count ferries;", [("urged", "states", "Urges")]),
    ("b) Reiterated its request to States to count ferries;", [("requested", "states", "Reiterated its request")]),
    ("Expressing concern at late ferries, requests UNODC to count them, and urges States to help;",
     [("requested", "unodc", "requests"), ("urged", "states", "urges")]),
    ("Noting that the report welcomes late ferries and urges States to help,", []),
    ("Stresses that ferries sink, and therefore demands to put an end to it;", [("urged", "", "demands")]),
    # a second that-clause of what the issuer states; one of what States are to ensure is none
    ("Reiterates that States shall count ferries, and that Parties are encouraged to lend ships;",
     [("should", "states", "shall"), ("encouraged", "parties", "are encouraged to")]),
    ("Emphasizes that States should protect crews and that they should be trained, and that UNODC is requested to help.",
     [("should", "states", "should"), ("should", "", "should"), ("requested", "unodc", "is requested to")]),
    ("States should ensure that ports are open, and that crews should be heard.", [("should", "states", "should")]),
    ("Reiterates that the sea is open, and that Parties are encouraged to lend ships;",
     [("encouraged", "parties", "are encouraged to")]),
    ("Recalls that States shall count ferries, and that Parties are encouraged to lend ships;", []),
    # a relative clause with a verb of its own before the modal, unless all of it is what somebody noted
    ("Policies that affect crews should also protect ports.", [("should", "", "should")]),
    ("Any law which adversely affects crews, including those on ferries, should be repealed.", [("should", "", "should")]),
    ("The measures that States take to protect crews should be lawful.", [("should", "", "should")]),
    ("Persons who report delays that hinder ferries must be protected.", [("should", "", "must")]),
    ("Speakers noted that persons who report delays should be protected.", []),
    ("Speakers noted that crews in ports should be protected.", []),
    ("The ways in which crews travel to ports are many, and who should pay is open.", []),
    # any adverb before "to" and "upon"; a treaty's year behind which no issuer speaks
    ("Appeals consequently to Governments for support;", [("urged", "", "Appeals consequently to")]),
    ("Calls urgently upon Governments to pay;", [("urged", "governments", "Calls urgently upon")]),
    ("Requests accordingly the Secretariat to report;", [("requested", "secretariat", "Requests")]),
    ("Reaffirms that the duty of ports under the Ferry Convention, 1961, calls for help from crews;", []),
    # who acts without a name, and what must be where nobody does
    ("Authorities must make an attempt to count ferries.", [("should", "", "must")]),
    ("In such cases, port authorities need to explain the delay.", [("should", "", "need to")]),
    ("Courts imposing penalties must have guidance.", [("should", "", "must")]),
    ("The evidence of officials must meet the standard.", []),
    # a view that is the issuer's; a relative clause with "is" before the modal
    ("It is the view of the Special Rapporteur that delays should be counted.", [("should", "", "should")]),
    ("It is our firm belief that delays should be counted.", [("should", "", "should")]),
    ("It is the opinion of Norway that delays should be counted.", []),
    ("Crews for whom there is no ship should not automatically, or otherwise, be sent home, but shall be protected.",
     [("should", "", "should"), ("should", "", "shall")]),
    ("Crews for whom no ship is found should be sent home.", [("should", "", "should")]),
    # what is joined to a thing that should be done, without a comma before "and"; another statement of the issuer
    ("The place should be chosen with care and, at this stage, the ship should, wherever possible, be the last resort.",
     [("should", "", "should"), ("should", "", "should")]),
    ("Condemns delays, demands that they cease and stresses that ferries should not be sold;",
     [("urged", "", "demands"), ("should", "", "should")]),
    ("States should act, and Norway stressed that ports should be open.", [("should", "states", "should")]),
    # a list in which States recommend, though nothing says of which State
    ("Extend help to ports (Uruguay); issue a ticket to crews (Chad, Malta); further consider tickets (Slovenia);",
     [("recommended", "", "Extend"), ("recommended", "", "issue"), ("recommended", "", "consider")]),
    # what another holds
    ("According to the Harbour Committee, in its comment No. 6, ferries should be counted.", []),
    ("According to UNICEF, States should count ferries.", []),
    ("In the opinion of the Government, ferries must be counted.", []),
    ("In counting delays according to the Committee's comment, States should ask crews.", [("should", "states", "should")]),
    ("As the guidelines say, “States should count ferries”.", []),
    # a that-clause of what is recalled; "that" behind a preposition points back
    ("Emphasizes that ferries exist and recalls article 3, which states that States help and that ports should help them;", []),
    ("Steps towards that aim must be taken within a year.", [("should", "", "must")]),
    # what a thing must hold or secure; "may" behind a "may" that describes; which of two verbs is that of "whose"
    ("These registers must, at all times, contain the names and must be kept by ports.",
     [("should", "", "must"), ("should", "", "must")]),
    ("States should count crews, because some may carry no papers or may use false ones.", [("should", "states", "should")]),
    ("Meetings whose subject falls within the scope of article 20 must be held.", [("should", "", "must")]),
    # what a treaty says and a text repeats; the minutes of a meeting
    ("As set out in article 1 of the Convention, no one shall be left behind.", []),
    ("As provided for in article 5 of the Convention, States should count ferries.", [("should", "states", "should")]),
    ("The Chair said that ferries were late. Therefore, paragraph 57 should name them.", []),
    # "nor should they" is no condition; a second statement behind a that-clause of the issuer
    ("Reaffirms that ferries should not be lost, nor should they be sold.", [("should", "", "should"), ("should", "", "should")]),
    ("Demands that all crews act, and further stresses that ferries should be counted.",
     [("urged", "", "Demands"), ("should", "", "should")]),
    # what a that-clause of a preamble says; who spoke in the sentence before; what a conference did in the past
    ("Emphasizing that policies and programmes for ports, crews and ferries should be kept, with care for all,", []),
    ("Norway commended the report. It encouraged Iceland to count the ferries.", []),
    ("The Expert on the safety of all ports by older crews stated that it was late. She called on Iceland to help, and "
     "encouraged it to count the ferries.", []),
    ("The same Committee recommended that Iceland help. It recommended that ferries be counted.", []),
    ("Recalls that, at the Review, States looked at ferries, and called for safer ports.", []),
    # a that-clause of the issuer's own, also with another subject; what others say is a report
    ("Stresses that ferry crews should be trained, and urges States to pay for it.",
     [("should", "", "should"), ("urged", "states", "urges")]),
    ("Underlines, bearing in mind the cost of ferries, that States need to share their vessels.",
     [("should", "states", "need to")]),
    ("Stresses that States have a duty to keep ports safe, and must inspect each vessel.",
     [("should", "states", "must")]),
    ("Expresses its conviction that harbour offices should continue to publish their tables.",
     [("should", "", "should")]),
    ("The Committee is of the view that the register should be opened.", [("should", "", "should")]),
    ("The Advisory Committee emphasizes that the cost of ferries should be shown.", [("should", "", "should")]),
    ("Reaffirms that States have a duty to keep ports safe and that ferries should be inspected.",
     [("should", "", "should")]),
    ("The Advisory Committee concurs that tables should be published and recommends that States open their ports.",
     [("should", "", "should"), ("recommended", "states", "recommends")]),
    ("The Committee notes that ferries may be late should construction work continue.", []),
    ("States should commission ferries.", [("should", "states", "should")]),
    ("Reaffirms that, while the cost of ferries must be borne in mind, ports are free.", []),
    ("The Committee considers that, as a matter of principle, ferries should be inspected.", [("should", "", "should")]),
    ("The Committee recalls its decision and reiterates that ferries should be inspected.", [("should", "", "should")]),
    ("Egypt welcomed the report, and stressed that ferries should be inspected.", []),
    ("The model says how staffing levels should be set.", []),
    ("Requests for ferries accounted for a third of all requests.", []),
    ("Calls for safer ferries were made by several groups.", []),
    ("Calls for the publication of tables that were kept back;", [("urged", "", "Calls for")]),
    ("Respect for the rights of crews is a duty.", []),
    ("States may wish to inspect ferries, and could also publish what they find.",
     [("may-wish", "states", "may wish to"), ("could", "states", "could")]),
    ("It also said ferries should be inspected.", []),
    ("Speakers noted that States should inspect ferries.", []),
    ("It asked about measures to inspect ferries.", []),
    ("It asked whether States should inspect ferries.", []),
    ("UNODC has been requested by a meeting to count ferries.", []),
    # declarations and lists of recommendations
    ("Recognize the need to keep ports safe.", []),
    ("Commit to providing ferries to all islands.", []),
    ("Recognize the role of harbour offices, and therefore encourage Member States to open more of them.",
     [("encouraged", "member-states", "encourage")]),
    ("Call upon Member States to open their ports.", [("urged", "member-states", "Call upon")]),
    ("To ratify the Convention on Ferries (Norway);", [("recommended", "", "ratify")]),
    ("Explicitly prohibit attacks on ferries (Norway);", [("recommended", "", "prohibit")]),
    ("Investigate, prosecute and punish attacks on ferries (Norway);", [("recommended", "", "Investigate")]),
    ("Share the experience of its harbour offices (Norway);", [("recommended", "", "Share")]),
    ("Share of the ferries in trade (Norway);", []),
    ("They should not be construed as endorsed by the Working Group as a whole.", []),
    # an adverb, or a phrase that points back, before the verb
    ("Also urges States parties to designate focal points;", [("urged", SP, "urges")]),
    ("Further requests, in this regard, the Secretariat to brief the Conference;", [("requested", "secretariat", "requests")]),
    ("Once again calls upon Member States to share data;", [("urged", "member-states", "calls upon")]),
    ("Also strongly encourages academia to study routes;", [("encouraged", "academia", "encourages")]),
    ("In that regard, invites States to report;", [("invited", "states", "invites")]),
    ("Equally encourages Member States to share good practices;", [("encouraged", "member-states", "encourages")]),
    ("Calls again upon Member States to contribute;", [("urged", "member-states", "Calls again upon")]),
    ("Requests also the Secretariat to report;", [("requested", "secretariat", "Requests")]),
    ("Reiterates its call upon Governments to criminalize smuggling;", [("urged", "governments", "Reiterates its call upon")]),
    ("Renews its appeal to all States to join the treaty;", [("urged", "states", "Renews its appeal")]),
    # capitals, and the issuer in its own voice
    ("URGES Member States to cooperate;", [("urged", "member-states", "URGES")]),
    ("CALL UPON all States to cooperate;", [("urged", "states", "CALL UPON")]),
    ("We call upon Member States to act.", [("urged", "member-states", "call upon")]),
    ("In this spirit, we also strongly encourage States to act.", [("encouraged", "states", "encourage")]),
    ("I urge all Member States to support the fund.", [("urged", "member-states", "urge")]),
    ("She encourages States to collect data.", [("encouraged", "states", "encourages")]),
    ("I would therefore request States to lend ships.", [("requested", "states", "request")]),
    ("We welcome this call and urge States to answer it.", [("urged", "states", "urge")]),
    ("We note that speakers praise it and urge States to wait.", []),
    # a body whose name no reference data list, in the present; an opinion that was reported
    ("The Advisory Committee recommends that States report.", [("recommended", "states", "recommends")]),
    ("It was suggested that States should be cautious.", []),
    # what is asked stands in a list, or behind words between commas
    ("Calls upon States: (a) To open ports; (b) To lend ships;", [("urged", "states", "Calls upon")]),
    ("Calls upon States to (a) open ports, and to (b) lend ships;", [("urged", "states", "Calls upon")]),
    ("Given the danger, Member States are urged, as appropriate:", [("urged", "member-states", "are urged")]),
    ("States are requested, on an exceptional, one-time basis, to lend ships.",
     [("requested", "states", "are requested, on an exceptional, one-time basis, to")]),
    ("Further reiterates its demand that States withdraw;", [("urged", "states", "reiterates its demand")]),
    # "should" for "if", "further" for "more", a rule behind "whereby", and "might"
    ("The bureau will meet should the need arise.", []),
    ("Further to these talks, some reports were made.", []),
    ("Decides also to keep the rule whereby members shall be eligible again;", []),
    ("Such proposals might be considered later.", []),
    ("I should be grateful if you would circulate this letter.", []),
    ("If so, such rules must be at the top of the agenda.", []),
    # a second verb behind one that asks nothing
    ("Takes note of the report, and requests UNODC to update it;", [("requested", "unodc", "requests")]),
    ("Condemns such acts, and calls upon States to prosecute them;", [("urged", "states", "calls upon")]),
    ("Welcomes the pilot and, in this regard, invites States to join it;", [("invited", "states", "invites")]),
    ("Underlines the role of training, and calls on States to ensure it;", [("urged", "states", "calls on")]),
    ("Requests UNODC to train judges, and encourages it to publish the results;",
     [("requested", "unodc", "Requests"), ("encouraged", "unodc", "encourages")]),
    # the speaker that a document calls by its office
    ("The Special Rapporteur urges States to end detention.", [("urged", "states", "urges")]),
    ("The Special Rapporteur on the sale of toys calls on States to act.", [("urged", "states", "calls on")]),
    ("The Independent Expert would like to call upon States to act.", [("urged", "states", "call upon")]),
    ("The Committee recommends that the State party adopt a law.", [("recommended", "state-party", "recommends")]),
    ("The Committee reiterates its recommendation that the State party should act.", [("recommended", "state-party", "reiterates its recommendation")]),
    ("Emphasizes that States should protect migrants;", [("should", "states", "should")]),
    # actors that nobody has described, by the words of the document
    ("Requests the Director-General to report;", [("requested", "director-general", "Requests")]),
    ("Invites the Economic and Social Council to meet;", [("invited", "economic-and-social-council", "Invites")]),
    ("Invites the Office for Asia and the Pacific to meet;", [("invited", "office-for-asia-and-the-pacific", "Invites")]),
    ("Invites the Commission on Harbours and Ports to meet;", [("invited", "commission-on-harbours-and-ports", "Invites")]),
    ("He also urges the Government of Ruritania to act.", [("urged", "government-of-ruritania", "urges")]),
    ("The State party should act.", [("should", "state-party", "should")]),
    ("Invites donors to contribute;", [("invited", "", "Invites")]),
    # bare imperatives of a list
    ("Ratify the Firearms Protocol (Ruritania);", [("recommended", "", "Ratify")]),
    ("Consider acceding to the Protocol;", [("recommended", "", "Consider")]),
    ("Step up efforts against hate speech (A); Increase the penalties (B);",
     [("recommended", "", "Step up"), ("recommended", "", "Increase")]),
    # a thing with a verb before that only describes it; what information does not ask
    ("Timetables are a forecast of delays, and shall not be used as proof.", [("should", "", "shall")]),
    ("Norway said that ports are closed, and must be opened.", []),
    ("Decides that the information collection begins in May;", [("recommended", "", "Decides")]),
    ("Decides that the information before it is complete;", []),
    # what a text recognizes while it grants something, and what "it" noted at its beginning
    ("Recognizes that, while ports are open, ferries should be counted;", []),
    ("It noted that ferries should be counted.", []),
    # British spelling; "decides also that", "continues to urge", "declares that"; a need that is none
    ("Emphasises the role of ports, and urges States to open them;", [("urged", "states", "urges")]),
    ("Recognising the danger, encourages Member States to act;", [("encouraged", "member-states", "encourages")]),
    ("Decides also that the harbour office shall meet;", [("recommended", "", "Decides also")]),
    ("Decides, in this regard, that the Secretariat shall report;", [("recommended", "secretariat", "Decides, in this regard")]),
    ("Decides, following the request of Norway, in this regard, that the Secretariat shall report;",
     [("recommended", "secretariat", "Decides, following the request of Norway, in this regard")]),
    ("Decides further to request UNODC to report;", [("requested", "unodc", "Decides further to request")]),
    ("Continues to urge States to lend ships;", [("urged", "states", "urge")]),
    ("Demands once again that the port be opened;", [("urged", "", "Demands")]),
    ("Recalling the Convention, which lists the dangers and, for States, recommends that ports be opened;", []),
    ("Declares that States shall not sink ferries;", [("should", "states", "shall")]),
    ("Stresses the urgent need to keep ports open;", []),
    ("The State party needs to keep ports open.", [("should", "state-party", "needs to")]),
    # each of several, Parties and a secretariat with a small letter, those named before; authorities of a State
    ("Urges each of the Governments to lend ships;", [("urged", "governments", "Urges")]),
    ("Invites all Parties that have not done so to report;", [("invited", "parties", "Invites")]),
    ("Requests the secretariat to count ferries;", [("requested", "secretariat", "Requests")]),
    ("Urges Member States to report, and encourages them in this regard to count ferries;",
     [("urged", "member-states", "Urges"), ("encouraged", "member-states", "encourages")]),
    ("Urges the Governments of Chad, Niger and Nigeria to open the port;", [("urged", "governments", "Urges")]),
    # States by their names; nobody who acts
    ("Türkiye must keep its ports open.", [("should", "turkiye", "must")]),
    ("Burkina Faso and Côte d’Ivoire should cooperate.", [("should", "burkina-faso cote-d-ivoire", "should")]),
    ("Timor-Leste should cooperate with Indonesia.", [("should", "timor-leste", "should")]),
    ("Calls on Trinidad and Tobago to report;", [("urged", "trinidad-and-tobago", "Calls on")]),
    ("No State shall close its ports.", [("should", "", "shall")]),
    ("Niger River ferries should stop.", [("should", "", "should")]),
    # what others said, what describes, what asks nothing
    ("It was stated that States should improve data.", []),
    ("Several speakers noted that States should improve data.", []),
    ("JS2 stated that Ruritania should adopt a law.", []),
    ("The Committee on the Rights of Sailors recommended that Ruritania adopt a law.", []),
    ("He called on the authorities to act.", []),
    ("Takes note of the report of the Secretary-General;", []),
    ("Recalls its request to the Secretariat to prepare a paper;", []),
    ("Resolves to strengthen cooperation;", []),
    ("We recognize that poverty makes people vulnerable.", []),
    ("Review of the implementation of the Convention;", []),
    ("Access to justice for all victims.", []),
    # printed numbers before the words, also without a space, and the next numbered clause behind a semicolon
    ("2.Urges States to count ferries.", [("urged", "states", "Urges")]),
    ("(2)Urges States to count ferries.", [("urged", "states", "Urges")]),
    ("121.3 Ratify the Convention;", [("recommended", "", "Ratify")]),
    ("3. to encourage States to count ferries;", [("encouraged", "states", "encourage")]),
    ("1.Invites States to act; 2.Requests UNODC to report.", [("invited", "states", "Invites"), ("requested", "unodc", "Requests")]),
    ("1. to note the reports of ports; 2. to urge States to report;", [("urged", "states", "urge")]),
    ("To note the report; to urge States to act; and, to ask UNODC to report.", [("urged", "states", "urge"), ("requested", "unodc", "ask")]),
    # a reminder to act, whatever stands behind what is to be done
    ("To remind States to keep the rules of ports.", [("requested", "states", "remind")]),
    ("Reminds States of their duty to report.", []),
    ("The Special Rapporteur regrets the failure of ports to extend an invitation to States.", []),
    # what leads to a pronoun, and an assembly that no reference data list
    ("In the same vein it also calls on States to act.", [("urged", "states", "calls on")]),
    ("The Maritime Assembly invites UNODC to act.", [("invited", "unodc", "invites")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FORMS, ids=[text[:60] for text, _ in FORMS])
def test_directives_in_the_forms_of_other_bodies(
    naming: Naming, text: str, expected: list[tuple[str, str, str]]
) -> None:
    found = directives(naming, text)
    assert [(each.modality, " ".join(each.addressees), each.operative.cut(text)) for each in found] == expected


REPORTED = [
    # a compilation reports a treaty body; the office that issued a document is its own speaker in the past as well
    ("office-of-the-high-commissioner", "The Committee recommended that Ruritania count its ferries.", []),
    ("office-of-the-high-commissioner", "It was recommended that Ruritania count its ferries.", []),
    ("office-of-the-high-commissioner", "Ruritania was encouraged to count its ferries.", []),
    ("committee-on-ferries", "The Committee recommended that States count their ferries.", ["recommended"]),
    ("committee-on-ferries", "It was recommended that States count their ferries.", ["recommended"]),
    ("committee-on-ferries", "States were encouraged to count their ferries.", ["were encouraged to"]),
    ("special-rapporteur-on-ferries", "The Special Rapporteur recommended that States count ferries.", ["recommended"]),
    ("special-rapporteur-on-ferries", "The Committee recommended that States count ferries.", []),
    ("special-rapporteur-on-ferries", "It was recommended that States count ferries.", []),
    ("forum-on-ferries", "The Forum adopts its rules, which had been recommended to it for action by the Board.", []),
    # a resolution speaks in the present; what it recalls was asked before
    ("general-assembly", "The Secretary-General was requested to count the ferries.", []),
    ("general-assembly", "Requests the Secretary-General to count the ferries.", ["Requests"]),
    ("forum-on-ferries", "In its resolution 6/2, the Forum encouraged States to count ferries.", []),
    ("forum-on-ferries", "The Forum encouraged States to count ferries.", ["encouraged"]),
    # who spoke behind words that come first, and "it" behind them
    ("committee-on-ferries", "In 2005, the Harbour Master regretted the loss. It urged Ruritania to help.", []),
    # the report of a review tells what others said; what it recommends stands in its list
    ("working-group-on-the-universal-periodic-review", "JS2 recommended a law. The ferries should be counted.", []),
    ("working-group-on-the-universal-periodic-review", "On the right to a ferry, it recommended that Ruritania help.", []),
    ("working-group-on-the-universal-periodic-review", "Ratify the Convention on Ferries (Norway);", ["Ratify"]),
    # "he" is no body; who "it" is nothing says; what was done on a day
    ("committee-on-ferries", "He notes that, by law, appeals must be filed at once.", []),
    ("special-rapporteur-on-ferries", "He stresses that appeals must be filed by States.", ["must"]),
    ("committee-on-ferries", "It also requested States to count ferries.", []),
    ("committee-on-ferries", "On 5 May 2020, the Committee, by its Chair, requested Norway not to sell the ferry.", []),
    # the issuer by its own name or acronym; another office that a text calls "the Committee"
    ("norway", "Norway condemns the loss of ferries and calls upon all ports to help.", ["calls upon"]),
    ("norway", "Iceland condemns the loss of ferries and calls upon all ports to help.", []),
    ("special-body-for-ferries", "The SBF noted the loss of ferries, and requested UNODC to count them.", ["requested"]),
    ("commission-on-ferries", "The Committee considered the loss of ferries and recommended that they be counted.", []),
    # another body with its full name; the words of a treaty or a principle in quotation marks; what a law says
    ("special-rapporteur-on-ferries", "The Committee on the Rights of Sailors asks States to count ferries.", []),
    ("special-rapporteur-on-ferries", "The Special Rapporteur on ferries asks States to count ferries.", ["asks"]),
    ("committee-on-ferries", "Principle 1 provides that: “States should count ferries”.", []),
    ("committee-on-ferries", "States are reminded that “ferries shall be counted” and “shall be kept” at sea.", []),
    ("committee-on-ferries", "The law states that “ports are free”. States should count ferries.", ["should"]),
    ("committee-on-ferries", "The law says “free ports”, and States should count ferries.", ["should"]),
    ("committee-on-ferries", "The Constitution of Norway (1814), which is old, underscores that ports shall be free.", []),
    ("committee-on-ferries", "The Ferry Convention is old, and the Committee underscores that States should act.", ["should"]),
    # one modal that goes on with another in a relative clause; an adverb before the verb; no imperative
    ("committee-on-ferries", "It lists the acts which States parties shall, or shall consider to, punish.", []),
    ("committee-on-ferries", "States parties shall, or should at least try to, punish.", ["shall", "should"]),
    ("committee-on-ferries", "In the light of its talks, the Committee consistently urges States to count ferries.", ["urges"]),
    ("committee-on-ferries", "Further, States have a duty to count ferries.", []),
    # several who speak in one
    ("governments", "In addition, the Governments strongly urge parents to keep children at home.", ["urge"]),
    ("ministers", "The Ministers therefore call upon all States to act.", ["call upon"]),
    ("general-assembly", "The Governments urge Norway to act.", []),
    # the issuer goes on behind a long first verb
    ("general-assembly", "We welcome the decision made by the Board to go on with talks of the ports of the islands, which were "
     "held in Vienna, and invite the Board to count the ferries.", ["invite"]),
]  # fmt: skip


@pytest.mark.parametrize(("issuer", "text", "expected"), REPORTED)
def test_what_others_recommended_is_a_report(naming: Naming, issuer: str, text: str, expected: list[str]) -> None:
    found = find_directives(text, naming.mentions(text), issuer)
    assert [each.operative.cut(text) for each in found] == expected


def test_a_bare_imperative_asks_the_state_under_review_where_the_document_names_it() -> None:
    (found,) = find_directives("Ratify the Convention.", (), "working-group", "id/actor/ruritania")
    assert (found.modality, found.addressees) == ("recommended", ("ruritania",))


REVIEW = [
    ("to repeal the Ferries Act (Ruritania);", ["repeal"]),
    ("ratify the Convention; review the law, and repeal its article 4 (Ruritania);", ["ratify", "review"]),
    ("Rephrase its definition of a ferry (Ruritania);", ["Rephrase"]),
    ("Become party to the Convention (Ruritania);", ["Become"]),
    ("Commute without delay all sentences (Ruritania);", ["Commute"]),
    ("Attain as soon as possible a law on ferries (Ruritania);", ["Attain"]),
    ("Simultaneously, provide training to crews (Ruritania);", ["provide"]),
    ("Sign the Convention (Norway); abide by its rules (Norway); become a party to it (Norway);",
     ["Sign", "abide", "become"]),
    ("Sign the Convention and the Protocol; crews by ferry came (Norway);", ["Sign"]),
    # British spelling, hyphens, "not", and what leads to the imperative where a State recommends it
    ("Criminalise tolls; harmonise the rules; and analyse data (Norway);", ["Criminalise", "harmonise", "analyse"]),
    ("Re-establish a ferry to Norway and co-operate with it (Norway);", ["Re-establish"]),
    ("Fast-track the bill on ferries (Norway);", ["Fast-track"]),
    ("Not criminalize sailors (Norway);", ["criminalize"]),
    ("Open its ports (Chad); abrogate article 80 of the Ferries Act (Norway);", ["Open", "abrogate"]),
    ("Consistent with the Ferries Act, proceed with the new harbour (Norway);", ["proceed"]),
    ("To open its ports (Norway); to lend ships to crews (Chad); to render tolls lower (the former Ruritania);",
     ["open", "lend", "render"]),
    ("While counting ferries, take steps against tolls (the former Ruritania);", ["take"]),
    ("Urgently reform legislation on ferries (Norway);", ["reform"]),
    ("Clearly define the tolls (Norway);", ["define"]),
    ("Family support services for crews were welcomed (Norway);", []),
    ("Ratify (Chad)/Consider ratifying (Norway) the Convention;", ["Ratify"]),
    ("In line with article 6 of the Convention, raise the wages of crews (Norway);", ["raise"]),
    ("In order to prevent, combat and punish delays, adopt a law (Norway);", ["adopt"]),
    ("Open its ports (Norway); In addition, close the old harbour (Norway).", ["Open", "close"]),
    ("In 2010, record numbers of ferries came and the law changed (Article 5).", []),
    # a rule that stands inside of what is asked
    ("Apply the law so that, if a sailor so asks, the office shall, without delay, act (Norway);", ["Apply"]),
    ("Measures to improve ferries were welcomed.", []),
    ("Ferries for crews were welcomed.", []),
    ("Since the previous review, Ruritania has counted its ferries.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REVIEW, ids=[text[:40] for text, _ in REVIEW])
def test_each_recommendation_of_a_review_asks_whatever_its_verb(text: str, expected: list[str]) -> None:
    found = find_directives(text, (), "working-group", "id/actor/ruritania")
    assert [each.operative.cut(text) for each in found] == expected


def test_what_was_requested_in_the_past_is_only_recalled(naming: Naming) -> None:
    text = "The report is submitted pursuant to resolution 22/4, in which it is requested that ferries be counted."
    assert directives(naming, text) == ()


def test_adverbs_in_a_row_do_not_double_the_cost_with_each(naming: Naming) -> None:
    def cost(adverbs: int) -> float:
        started = time.process_time()
        assert directives(naming, "Particularly " + "particularly " * adverbs + "the people.") == ()
        return time.process_time() - started

    cost(1)
    assert cost(21) < 50 * cost(8)


@pytest.mark.parametrize("run", ["\N{NO-BREAK SPACE}", ", ", "also "])
@pytest.mark.parametrize("text", ["States should review{}and strengthen laws.", "Urges States{}to act: (a) report;"])
def test_a_long_run_does_not_double_the_cost_of_each_of_its_signs(naming: Naming, text: str, run: str) -> None:
    def cost(times: int) -> float:
        words = text.format(f" {run * times} ")
        started = time.process_time()
        assert len(directives(naming, words)) == 1
        return time.process_time() - started

    cost(1)
    assert cost(4000) < 40 * cost(500)
