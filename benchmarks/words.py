"""The words that invented recommendations are made of; none is a sentence of the source."""

from __future__ import annotations

SUBJECTS = (
    ("States parties", True, 50),
    ("States", True, 16),
    ("Member States", True, 5),
    ("States parties and UNODC", True, 4),
    ("UNODC", False, 4),
    ("The Conference", False, 4),
    ("The Secretariat", False, 4),
    ("The Working Group", False, 3),
)
"""Words, whether they take the plural, and how often they come."""

MODALS = (
    ("should", 45),
    ("may wish to", 20),
    ("are invited to", 10),
    ("are encouraged to", 14),
    ("are urged to", 3),
    ("could", 4),
    ("may", 4),
)

VERBS = (
    ("review", "reviewing"),
    ("strengthen", "strengthening"),
    ("develop", "developing"),
    ("publish", "publishing"),
    ("evaluate", "evaluating"),
    ("update", "updating"),
    ("simplify", "simplifying"),
    ("test", "testing"),
    ("establish", "establishing"),
    ("improve", "improving"),
    ("extend", "extending"),
    ("compare", "comparing"),
)

OBJECTS = (
    "procedures for the inspection of small vessels in harbours",
    "the training of law enforcement authorities in the reading of travel papers",
    "common indicators of risk at land borders",
    "the reception of smuggled migrants at seaports",
    "registers of forged residence permits",
    "shelters for unaccompanied minors close to the coast",
    "guidelines for the first interview of vulnerable migrants",
    "points of contact between liaison officers and port police",
    "methods of counting those who are lost on the way",
    "agreements on the pursuit of unregistered lorries",
    "early warning by airline companies about altered tickets",
    "joint exercises of coastguards in rough weather",
    "the exchange of fingerprints between judicial authorities",
    "the work of competent authorities on money transfers without a bank",
    "legal advice for refugees and asylum seekers in their own language",
    "medical care for pregnant women during transfers",
    "schooling for children in transit centres",
    "leaflets for young people about the price of a journey",
    "studies of recruiters who work on the Internet",
    "interpretation services in border towns",
    "rules on the storage of telephone records",
    "the directory of competent national authorities",
    "case files for SHERLOC",
    "the use of INTERPOL databases at airports",
    "hearings with civil society before a law is drafted",
    "partnerships with the private sector and academia",
)

ASKED = (
    ("request", "requesting", "UNODC to collect examples of forged seals"),
    ("request", "requesting", "the Secretariat to circulate a questionnaire on sea rescue"),
    ("invite", "inviting", "international organizations to lend experts"),
    ("call upon", "calling upon", "civil society to report abuses at crossing points"),
)

PURPOSES = (
    "",
    "",
    "",
    " so that changes of route are known in time",
    " in order to reduce the dangers of journeys by night",
    " with a view to shortening inquiries",
    " in order to protect the rights of migrants",
    ", with special attention to women with children",
    ", including through visits of experts",
)

LEAD_INS = (
    "In order to save lives at sea, ",
    "Recognizing that routes change within weeks, ",
    "In drafting new legislation, ",
    "Taking into account the growth of such crime, ",
)

QUALIFIERS_WITHIN = (
    "where appropriate",
    "as appropriate",
    "where applicable",
    "where necessary",
    "in accordance with national law",
)

QUALIFIERS_BEHIND = (
    "where appropriate",
    "where relevant",
    "if necessary",
    "in accordance with domestic legislation",
    "upon request",
    "to the fullest extent possible",
)

PASSIVES = (
    ("Records of rescue operations", "kept for ten years"),
    ("Prices paid to smugglers", "monitored by researchers"),
    ("Confiscated boats", "destroyed without delay"),
    ("Radio silence during pursuits", "avoided"),
    ("Interviews at the border", "recorded on film"),
)

DESCRIPTIONS = (
    "Such measures could include night patrols and the marking of engines.",
    "Such information could include the names of beaches and the times of departure.",
    "Other routes may exist that nobody has described.",
)

TOPICS = (
    "Prices paid to smugglers along overland routes",
    "Rescue at sea, including the role of merchant ships",
    "Forged seals and stamps",
    "The situation of unaccompanied minors in transit",
    "Evidence on mobile telephones",
)

INSTRUMENT_NAMES = {
    "smuggling-protocol": ("Smuggling of Migrants Protocol", "Protocol"),
    "untoc": ("Organized Crime Convention", "Convention"),
}

PROVISIONS = (
    *(("smuggling-protocol", article, None) for article in (3, 5, 7, 8, 9, 11, 12, 13, 14, 15, 17, 18, 19)),
    *(("untoc", article, None) for article in (5, 6, 10, 13, 16, 18, 19, 20, 24, 26, 27, 28, 29, 30)),
    *(("smuggling-protocol", article, paragraph) for article, paragraph in ((6, 1), (6, 3), (8, 2), (10, 1), (16, 5))),
)

THEMES = (
    *("awareness-raising", "root-causes", "border-control", "document-security", "visas", "carriers"),
    *("crime-prevention-policy", "human-rights", "life-and-safety", "vulnerable-persons", "consular-assistance"),
    *("access-to-justice-and-services", "return", "criminalization", "investigation-and-prosecution", "evidence"),
    *("special-investigative-techniques", "financial-investigation", "witness-protection", "new-technologies"),
    *("joint-investigation", "mutual-legal-assistance-and-extradition", "information-exchange", "liaison-officers"),
    *("informal-cooperation", "cross-border-cooperation", "sea", "national-coordination", "multi-agency-centres"),
    *("technical-assistance", "training", "data-and-research", "good-practices", "programme-of-work"),
)

AREAS = (
    "prevention along the coast",
    "protection of persons at sea",
    "criminal inquiries and evidence",
    "cooperation between neighbours",
    "research and statistics",
    "training and technical assistance",
    "travel documents",
)

PLACES = ("Vienna", "Nairobi", "Lisbon", "Bangkok", "Quito", "Dakar")
ORDINALS = ("first", "second", "third", "fourth", "fifth")
