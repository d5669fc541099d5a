"""Verbs of requests: which words are verbs, and the base form of a gerund or a participle.

Lists hold the verbs that recommendations and resolutions use; a word outside them is judged by its ending.
"""

from __future__ import annotations

import re
from functools import cache

VERBS_WORDS = (
    "adapt address adopt allocate allow amend apply appoint assess assist avoid build carry collect communicate "
    "compile conclude conduct consult continue contribute convene cooperate coordinate create criminalize deliver "
    "deploy designate determine develop discuss disseminate enable encourage engage enhance ensure establish "
    "evaluate examine expand explore facilitate foster give guarantee harmonize identify implement improve include "
    "inform integrate intensify introduce invest investigate invite involve keep maintain make mobilize nominate "
    "notify offer organize participate prepare prevent prioritize promote prosecute protect provide publish pursue "
    "raise ratify refrain reinforce remove respond strengthen submit take translate transmit undertake utilize"
)
VERBS = frozenset(VERBS_WORDS.split())
"""Words that are verbs wherever they stand."""
VERBS_OR_NOUNS_WORDS = (
    "access balance combat counter design document exchange finance focus fund monitor plan report request respect "
    "review share support target test train transfer update use work"
)
VERBS_OR_NOUNS = frozenset(VERBS_OR_NOUNS_WORDS.split())
IMPERATIVES_WORDS = (
    "accede accelerate address adopt advance align allocate allow amend apply approve assess avoid bring broaden "
    "build carry cease combat commit complete conclude conduct consider consolidate continue cooperate "
    "create criminalize decriminalize deepen design develop devise disaggregate eliminate enact encourage end "
    "enhance ensure establish examine expand expedite explore extend facilitate finalize foster fulfil further give "
    "grant guarantee harmonize identify implement improve include incorporate increase initiate integrate intensify "
    "introduce investigate involve join keep launch maintain make mainstream mobilize move organize participate "
    "pass pay persevere prepare preserve prevent prioritize proceed prohibit promote prosecute protect "
    "provide pursue raise ratify recognize redouble reduce refrain reinforce remove repeal resolve respect respond "
    "review revise revoke scale secure set sign simplify stop step strengthen submit support sustain take tackle "
    "train undertake update uphold withdraw"
)
_FURTHER_WORDS = (
    "abolish abstain accept accompany add achieve acquire act adhere adjust administer agree advise afford aim align "
    "analyse analyze anticipate appeal arrange arrest ascertain ask assign assume attempt attend attract authorize "
    "be become begin bind board bolster borrow brief calculate cancel cease centralize challenge choose circulate "
    "cite clarify classify close codify collaborate combine come commend comment compare compensate comply comprise "
    "concentrate confirm confiscate confront consolidate constitute contact contain control convert convey correct "
    "cover curb debate decide declare decrease dedicate define defend demand demonstrate denounce deny depend "
    "deposit describe destroy detain devote detect deter develop deviate differentiate digitize direct disable discard "
    "discharge discontinue discourage dismantle dispose disrupt distinguish distribute draft draw earmark educate "
    "elaborate elicit embark embed emphasize employ empower enact endeavour endorse enforce enlarge enlist enrich "
    "enshrine "
    "enter entrust envisage equip eradicate estimate exchange exclude execute exempt exercise expel explain exploit "
    "express extradite favour feed fight fill find follow forfeit form formalize formulate forward freeze furnish "
    "gain gather generate go govern guide handle have heed help hold host illustrate impede impose incorporate "
    "indicate inspect institute intercept interdict interview issue justify know lead learn lend let leverage "
    "liaise license limit link list listen locate look lower manage map mark match measure meet mentor minimize "
    "mitigate modernize modify motivate move name negotiate network note observe obtain open operate oppose order "
    "outline oversee penalize perform permit persist place police pool post practise preclude present process "
    "produce professionalize proffer prohibit promulgate pronounce propose "
    "protest prove publicize punish put quantify reach "
    "react read readmit reaffirm realize recall reconsider "
    "receive reconcile record recover recruit redress refer refine "
    "reflect reform refuse register regularize regulate rehabilitate reintegrate reject relate release rely remain "
    "remedy remind render renew repatriate repeat replace reply represent rescind rescue research resettle resort "
    "restore restrict retain return reveal reward safeguard sanction satisfy screen scrutinize search see seek "
    "seize select send sensitize separate serve settle shape show solicit speak specify speed spend spread "
    "standardize start state stem stimulate store streamline stress study suggest suit supervise supplement supply "
    "suppress suspend tailor tell terminate think tighten trace track transform transpose travel treat trust turn "
    "understand unify upgrade urge validate value verify visit waive warn watch welcome widen wish write"
)
_NOUNS_TOO_WORDS = (
    "act advance aim appeal attempt benefit board brief call cause challenge change claim comment contact control "
    "cover debate demand deposit direct draft end exercise feed fight form forward guide help host interview issue "
    "lead license limit link list look map mark match measure move name network note open order outline place "
    "police pool post present process protest reach record reform register release remedy request research return "
    "reward safeguard sanction screen search separate set shape show sign speed spread stage start state stem step "
    "stop store stress study supplement supply trace track travel treat trust turn value view visit watch welcome "
    "wish secure correct complete have come fill lower"
)
_NOUNS_TOO = VERBS_OR_NOUNS | frozenset(_NOUNS_TOO_WORDS.split())
KNOWN = (VERBS | VERBS_OR_NOUNS | frozenset((f"{IMPERATIVES_WORDS} {_FURTHER_WORDS}").split())) - {"further"}
"""All verbs of the lists, in their base form."""
SURE = KNOWN - _NOUNS_TOO
_OF_A_STATE_WORDS = (
    "affect arise belong discriminate exist fail face fall hinder happen lie live occur pertain require reside suffer "
    "threaten undermine violate want"
)
FINITE = SURE | frozenset(_OF_A_STATE_WORDS.split())
"""Verbs that no noun looks like, also such as nobody is asked to do."""
_ASK_NOTHING_WORDS = (
    "agree appeal assume become begin believe cite combine come commend commit comprise consist contain concern "
    "depend describe emphasize envisage explain express go illustrate indicate know mean observe pledge point "
    "prove reaffirm realize recall refer reflect regret relate remain represent reveal see seem speak state stress "
    "suggest think understand wish"
)
IMPERATIVES = frozenset((*IMPERATIVES_WORDS.split(), "ban", "lift")) | (SURE - frozenset(_ASK_NOTHING_WORDS.split()))
"""The verbs that open a bare imperative."""
NOUNS_OR_IMPERATIVES = _NOUNS_TOO - IMPERATIVES
"""Those that open one where an object follows: "Share the experience"."""
_BEFORE_AN_OBJECT_WORDS = (
    "the a an their its such all any each other these those this that relevant one another his her our your"
)
_BEFORE_AN_OBJECT = frozenset(_BEFORE_AN_OBJECT_WORDS.split())
_OBJECTS_WORDS = (
    "good best information data knowledge experience experiences expertise intelligence efforts capacity thereon"
)
OPENS_AN_OBJECT = _BEFORE_AN_OBJECT | frozenset(_OBJECTS_WORDS.split())
"""Words that show that a verb stands before them, not a noun."""
_NO_VERBS_WORDS = (
    "and or of to in on at by for from with as if than but nor not no so both either all any each every other such "
    "another more most less some many much own same only it them him her us me whom which what who where when how "
    "why since while although though because before after during until under"
)
_NO_VERBS = _BEFORE_AN_OBJECT | frozenset(_NO_VERBS_WORDS.split())
_ENDS_LIKE_NO_VERB = re.compile(
    r"(?:[st]ion|ances?|ences?|ments?|ity|ities|ness|ship|ism|ors?|ers?|ists?|als?|ive|ous|ful|able|ible|ary|ory|"
    r"ical|ed|ing|ly|ics?|ants?|ents?|ess|[^s]s)$"
)
_IRREGULAR = {
    "made": "make", "given": "give", "taken": "take", "undertaken": "undertake", "put": "put", "set": "set",
    "held": "hold", "kept": "keep", "brought": "bring", "built": "build", "sent": "send", "sought": "seek",
    "drawn": "draw", "paid": "pay", "done": "do", "shown": "show", "found": "find", "met": "meet", "led": "lead",
    "begun": "begin", "chosen": "choose", "written": "write", "run": "run", "told": "tell", "left": "leave",
    "understood": "understand", "overseen": "oversee", "withdrawn": "withdraw", "upheld": "uphold", "laid": "lay",
}  # fmt: skip


def is_verb(joined: re.Match[str]) -> bool:
    """Whether a word joined to another verb is one: ``verb``, with ``to`` before it or the two words in ``rest``."""
    verb = joined["verb"]
    following = joined["rest"].split()
    if verb in VERBS:
        return True
    if verb not in VERBS_OR_NOUNS or not following:
        return False
    return bool(joined["to"]) or following[0] in _BEFORE_AN_OBJECT or (following[0] == "and" and following[1] in VERBS)


@cache
def may_be_verb(word: str) -> bool:
    """Whether a word where a verb may stand (behind *to*) is one: it is listed, or does not end like another word."""
    if word in KNOWN:
        return True
    return word not in _NO_VERBS and len(word) > 1 and _ENDS_LIKE_NO_VERB.search(word) is None


def is_gerund(word: str) -> bool:
    """Whether a word has the form of a gerund, and is not the base form of a verb ("bring")."""
    return word.endswith("ing") and word.lower() not in KNOWN


def takes_object(word: str, following: str) -> bool:
    """Whether a word that is a noun as well is a verb here, by the word that follows."""
    return word in SURE or (word in _NOUNS_TOO and following in OPENS_AN_OBJECT)


@cache
def base_form(word: str) -> str:
    """The base form of a base form, gerund or participle: *establishing*, *established* and *establish* are one."""
    word = word.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    ending = next((ending for ending in ("ying", "ied", "ing", "ed") if word.endswith(ending) and len(word) > 4), "")
    if not ending or word in KNOWN:
        return _american(word)
    stem = word[: -len(ending)]
    candidates = [stem + "y", stem + "ie"] if ending in ("ying", "ied") else [stem, stem + "e"]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        candidates.append(stem[:-1])
    known = [each for each in candidates if _american(each) in KNOWN]
    if known:
        return _american(known[-1] if known[-1].endswith("e") and known[0] not in KNOWN else known[0])
    if len(candidates) > 2 and stem[-1] not in "lsfz":
        return candidates[2]
    return _american(candidates[1] if _LOSES_E.search(stem) and ending in ("ing", "ed") else candidates[0])


_LOSES_E = re.compile(r"(?:[^aeou]at|i[sz]|[cvu]|[^n]g|[bcdfgkpstz]l|ur|[^aeious]s)$")
"""How a base form ends that has lost an *e* before *-ing* or *-ed*, where no list has the verb."""


def _american(word: str) -> str:
    """The spelling with *z* that the lists have, where they have it."""
    other = f"{word[:-3]}ize" if word.endswith("ise") else f"{word[:-3]}yze" if word.endswith("yse") else word
    return "analyse" if word == "analyze" else other if other in KNOWN and other != "analyze" else word
