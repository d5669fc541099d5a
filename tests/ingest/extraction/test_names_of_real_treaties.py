"""Real names of multilateral treaties, each read to its end and no further, in sentences of our own around them."""

from __future__ import annotations

import time

import pytest

from ingest.extraction import Lexicon, extract_text

NAMES = [
    "Convention on the Prevention and Punishment of the Crime of Genocide",
    "Convention on the Non-Applicability of Statutory Limitations to War Crimes and Crimes against Humanity",
    "Convention on the Elimination of All Forms of Discrimination against Women",
    "Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment",
    "Convention relating to the Status of Stateless Persons",
    "Convention on the Reduction of Statelessness",
    "Convention for the Suppression of the Traffic in Persons and of the Exploitation of the Prostitution of Others",
    "Supplementary Convention on the Abolition of Slavery, the Slave Trade, and Institutions and Practices Similar to Slavery",
    "Convention on Consent to Marriage, Minimum Age for Marriage and Registration of Marriages",
    "Convention on the Political Rights of Women",
    "Convention on the Prohibition of the Development, Production and Stockpiling of Bacteriological (Biological) and Toxin Weapons and on Their Destruction",
    "Convention on the Prohibition of the Development, Production, Stockpiling and Use of Chemical Weapons and on Their Destruction",
    "Convention on the Prohibition of the Use, Stockpiling, Production and Transfer of Anti-Personnel Mines and on Their Destruction",
    "Convention on Prohibitions or Restrictions on the Use of Certain Conventional Weapons Which May Be Deemed to Be Excessively Injurious or to Have Indiscriminate Effects",
    "Convention on the Prohibition of Military or Any Other Hostile Use of Environmental Modification Techniques",
    "Treaty on the Prohibition of the Emplacement of Nuclear Weapons and Other Weapons of Mass Destruction on the Sea-Bed and the Ocean Floor and in the Subsoil Thereof",
    "Treaty on Principles Governing the Activities of States in the Exploration and Use of Outer Space, including the Moon and Other Celestial Bodies",
    "Agreement Governing the Activities of States on the Moon and Other Celestial Bodies",
    "Agreement on the Rescue of Astronauts, the Return of Astronauts and the Return of Objects Launched into Outer Space",
    "Convention on International Liability for Damage Caused by Space Objects",
    "Convention on Registration of Objects Launched into Outer Space",
    "Treaty Banning Nuclear Weapon Tests in the Atmosphere, in Outer Space and under Water",
    "Treaty on the Non-Proliferation of Nuclear Weapons",
    "Protocol for the Prohibition of the Use in War of Asphyxiating, Poisonous or Other Gases, and of Bacteriological Methods of Warfare",
    "Convention for the Protection of Cultural Property in the Event of Armed Conflict",
    "Convention on the Means of Prohibiting and Preventing the Illicit Import, Export and Transfer of Ownership of Cultural Property",
    "Convention concerning the Protection of the World Cultural and Natural Heritage",
    "Convention on International Trade in Endangered Species of Wild Fauna and Flora",
    "Convention on Wetlands of International Importance especially as Waterfowl Habitat",
    "Convention on the Conservation of Migratory Species of Wild Animals",
    "Basel Convention on the Control of Transboundary Movements of Hazardous Wastes and Their Disposal",
    "Rotterdam Convention on the Prior Informed Consent Procedure for Certain Hazardous Chemicals and Pesticides in International Trade",
    "Nagoya Protocol on Access to Genetic Resources and the Fair and Equitable Sharing of Benefits Arising from Their Utilization",
    "United Nations Convention to Combat Desertification in Those Countries Experiencing Serious Drought and/or Desertification, Particularly in Africa",
    "Convention on Access to Information, Public Participation in Decision-Making and Access to Justice in Environmental Matters",
    "Convention on the Protection and Use of Transboundary Watercourses and International Lakes",
    "Agreement relating to the Implementation of Part XI of the United Nations Convention on the Law of the Sea",
    "Agreement under the United Nations Convention on the Law of the Sea on the Conservation and Sustainable Use of Marine Biological Diversity of Areas beyond National Jurisdiction",
    "Convention for the Suppression of Unlawful Acts against the Safety of Maritime Navigation",
    "Protocol for the Suppression of Unlawful Acts against the Safety of Fixed Platforms Located on the Continental Shelf",
    "Convention on the Prevention and Punishment of Crimes against Internationally Protected Persons, including Diplomatic Agents",
    "International Convention against the Taking of Hostages",
    "International Convention for the Suppression of Terrorist Bombings",
    "International Convention for the Suppression of the Financing of Terrorism",
    "International Convention for the Suppression of Acts of Nuclear Terrorism",
    "Convention on the Physical Protection of Nuclear Material",
    "Convention on Assistance in the Case of a Nuclear Accident or Radiological Emergency",
    "Joint Convention on the Safety of Spent Fuel Management and on the Safety of Radioactive Waste Management",
    "Convention on the Marking of Plastic Explosives for the Purpose of Detection",
    "Protocol against the Illicit Manufacturing of and Trafficking in Firearms, Their Parts and Components and Ammunition, supplementing the United Nations Convention against Transnational Organized Crime",
    "Convention on Protection of Children and Cooperation in Respect of Intercountry Adoption",
    "Convention on the Civil Aspects of International Child Abduction",
    "Convention on the Recognition and Enforcement of Foreign Arbitral Awards",
    "International Convention on the Simplification and Harmonization of Customs Procedures",
    "Protocol to Eliminate Illicit Trade in Tobacco Products",
    "Supplementary Convention on the Abolition of Slavery, the Slave Trade and Institutions and Practices Similar to Slavery",
    "Optional Protocol to the Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment",
    "Protocol of 2010 Supplementary to the Convention for the Suppression of Unlawful Seizure of Aircraft",
    "Protocol for the Suppression of Unlawful Acts of Violence at Airports Serving International Civil Aviation, supplementary to the Convention for the Suppression of Unlawful Acts against the Safety of Civil Aviation",
    "International Convention for the Protection of All Persons from Enforced Disappearance",
    "African Union Convention for the Protection and Assistance of Internally Displaced Persons in Africa",
    "Inter-American Convention on the Prevention, Punishment and Eradication of Violence against Women",
    "Council of Europe Convention on Preventing and Combating Violence against Women and Domestic Violence",
    "Council of Europe Convention on the Protection of Children against Sexual Exploitation and Sexual Abuse",
    "Convention for the Protection of Individuals with regard to Automatic Processing of Personal Data",
    "Convention on Laundering, Search, Seizure and Confiscation of the Proceeds from Crime",
]
FRAMES = [
    "States should ratify the {} without delay.",
    "Under the {}, and the rules of ports, they should act.",
    "It recalls the {} and the Convention on Ferries.",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", NAMES, ids=[name[-40:] for name in NAMES])
def test_the_name_of_a_treaty_is_read_to_its_end(corpus_lexicon: Lexicon, frame: str, name: str) -> None:
    text = frame.format(name)
    cited = [each.span.cut(text) for each in extract_text(text, corpus_lexicon, "committee").mentions if each.cites]
    short = name.removeprefix("United Nations ")
    assert [each for each in cited if each != "Convention on Ferries"] in ([name], [short])
    assert ("Convention on Ferries" in cited) == frame.endswith("Ferries.")


def test_names_in_a_long_row_are_read_in_time_that_grows_with_their_number(corpus_lexicon: Lexicon) -> None:
    def cost(names: int) -> float:
        started = time.process_time()
        extract_text("Convention on Ports, and " * names, corpus_lexicon, "committee")
        return time.process_time() - started

    assert min(cost(160) for _ in range(3)) < 40 * min(cost(20) for _ in range(3))


def test_what_a_protocol_supplements_is_named_in_its_name(corpus_lexicon: Lexicon) -> None:
    text = "Ratify the Protocol on Violence at Ports, supplementary to the Convention on Ports, and the Agreement under the Convention on Ferries on Tolls."
    found = extract_text(text, corpus_lexicon, "committee").mentions
    assert [(each.span.cut(text), each.entity, each.cites) for each in found if each.kind == "instrument"] == [
        (
            "Protocol on Violence at Ports, supplementary to the Convention on Ports",
            "id/instrument/protocol-on-violence-at-ports",
            True,
        ),
        ("Convention on Ports", "id/instrument/convention-on-ports", False),
        (
            "Agreement under the Convention on Ferries on Tolls",
            "id/instrument/agreement-under-the-convention-on-ferries-on-tolls",
            True,
        ),
        ("Convention on Ferries", "id/instrument/convention-on-ferries", False),
    ]
