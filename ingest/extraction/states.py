"""The names of States in English, short and as the United Nations print them, where they are asked to act.

Members and observers of the United Nations; a name that is none here may still be read as that of an actor.
"""

from __future__ import annotations

import re

_NAMES = """
Afghanistan; Albania; Algeria; Andorra; Angola; Antigua and Barbuda;
Argentina; Armenia; Australia; Austria; Azerbaijan;
Bahamas; Bahrain; Bangladesh; Barbados; Belarus; Belgium; Belize; Benin;
Bhutan; Bolivia (Plurinational State of); Bolivia;
Plurinational State of Bolivia;
Bosnia and Herzegovina; Botswana; Brazil; Brunei Darussalam; Bulgaria;
Burkina Faso; Burundi;
Cabo Verde; Cambodia; Cameroon; Canada; Cape Verde; Central African
Republic; Chad; Chile; China; Colombia; Comoros; Congo; Costa Rica; Côte
d'Ivoire; Croatia; Cuba; Cyprus; Czech Republic; Czechia;
Democratic People's Republic of Korea; Democratic Republic of the Congo;
Denmark; Djibouti; Dominica; Dominican Republic;
Ecuador; Egypt; El Salvador; Equatorial Guinea; Eritrea; Estonia; Eswatini;
Ethiopia;
Fiji; Finland; France;
Gabon; Gambia; Georgia; Germany; Ghana; Greece; Grenada; Guatemala; Guinea;
Guinea-Bissau; Guyana;
Haiti; Holy See; Honduras; Hungary;
Iceland; India; Indonesia; Iran (Islamic Republic of); Iran; Islamic
Republic of Iran; Iraq; Ireland; Israel; Italy;
Jamaica; Japan; Jordan;
Kazakhstan; Kenya; Kiribati; Kuwait; Kyrgyzstan;
Lao People's Democratic Republic; Latvia; Lebanon; Lesotho; Liberia; Libya;
Liechtenstein; Lithuania; Luxembourg;
Madagascar; Malawi; Malaysia; Maldives; Mali; Malta; Marshall Islands;
Mauritania; Mauritius; Mexico; Micronesia (Federated States of);
Federated States of Micronesia;
Monaco; Mongolia; Montenegro; Morocco; Mozambique; Myanmar;
Namibia; Nauru; Nepal; Netherlands; Netherlands (Kingdom of the);
Kingdom of the Netherlands;
New Zealand; Nicaragua; Niger; Nigeria; North Macedonia; Norway;
Oman;
Pakistan; Palau; Panama; Papua New Guinea; Paraguay; Peru; Philippines;
Poland; Portugal;
Qatar;
Republic of Korea; Republic of Moldova; Romania; Russian Federation; Rwanda;
Saint Kitts and Nevis; Saint Lucia; Saint Vincent and the Grenadines; Samoa;
San Marino; Sao Tome and Principe; Saudi Arabia; Senegal; Serbia;
Seychelles; Sierra Leone; Singapore; Slovakia; Slovenia; Solomon Islands;
Somalia; South Africa; South Sudan; Spain; Sri Lanka; State of Palestine;
Sudan; Suriname; Swaziland; Sweden; Switzerland; Syria; Syrian Arab
Republic;
Tajikistan; Thailand; The former Yugoslav Republic of Macedonia; Timor-
Leste; Togo; Tonga; Trinidad and Tobago; Tunisia; Turkey; Turkmenistan;
Tuvalu; Türkiye;
Uganda; Ukraine; United Arab Emirates; United Kingdom; United Kingdom of
Great Britain and Northern Ireland; United Republic of Tanzania; United
States; United States of America; Uruguay; Uzbekistan;
Vanuatu; Venezuela (Bolivarian Republic of); Venezuela;
Bolivarian Republic of Venezuela;
Viet Nam;
Yemen;
Zambia; Zimbabwe
"""
STATES = tuple(" ".join(name.split()) for name in _NAMES.split(";"))
_ALL = "|".join(re.escape(name).replace("'", "['’]") for name in sorted(STATES, key=lambda name: -len(name)))
STATE = re.compile(rf"(?:{_ALL})(?![\w-])(?!['’]s\b)(?!\s(?!(?:And|Or)\b)[A-Z])")
"""The name of a State, the longest first, where it owns nothing and no other name goes on from it."""
