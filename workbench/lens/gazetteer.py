"""Countries with their other names and peoples, and the towns and regions that lie in them.

What lives here: one table, written by hand, and the way to look in it. Towns are there so that Moscow and Russia are not taken
for two different places; a town that is missing is still a place where the words before it say so.
"""

from __future__ import annotations

# country | other names, people, adjective | towns and regions in it.
# "_" stands for a space, "/" for another name of the same town.
_TABLE = """
afghanistan|afghan afghans|kabul kandahar herat
albania|albanian albanians|tirana
algeria|algerian algerians|algiers oran
angola|angolan angolans|luanda
argentina|argentine argentines argentinian|buenos_aires cordoba
armenia|armenian armenians|yerevan
australia|australian australians|canberra sydney melbourne brisbane perth adelaide queensland victoria_state tasmania
  new_south_wales
austria|austrian austrians|vienna salzburg graz
azerbaijan|azerbaijani azeri azerbaijanis|baku
bahrain|bahraini|manama
bangladesh|bangladeshi bangladeshis|dhaka chittagong cox's_bazar
belarus|belarusian belarusians belarussian|minsk
belgium|belgian belgians|brussels antwerp ghent flanders wallonia
benin|beninese|cotonou porto-novo
bhutan|bhutanese|thimphu
bolivia|bolivian bolivians|la_paz
bosnia|bosnia_and_herzegovina bosnian bosnians|sarajevo srebrenica
botswana||gaborone
brazil|brazilian brazilians|brasilia sao_paulo rio_de_janeiro amazonas
brunei|bruneian|bandar_seri_begawan
bulgaria|bulgarian bulgarians|sofia
burkina_faso|burkinabe|ouagadougou
burundi|burundian|bujumbura
cambodia|cambodian cambodians khmer cambodge camboya kampuchea|phnom_penh siem_reap battambang sihanoukville kampot
cameroon|cameroonian|yaounde douala
canada|canadian canadians|ottawa toronto montreal vancouver quebec ontario alberta british_columbia nova_scotia calgary
chad|chadian|n'djamena
chile|chilean chileans|santiago valparaiso
china|chinese chine prc people's_republic_of_china|beijing/peking shanghai wuhan guangzhou shenzhen hong_kong xinjiang tibet
  hubei yunnan macau
colombia|colombian colombians|bogota medellin
congo|congolese drc democratic_republic_of_congo democratic_republic_of_the_congo|kinshasa brazzaville goma
costa_rica|costa_rican|san_jose
croatia|croatian croatians|zagreb
cuba|cuban cubans|havana
cyprus|cypriot cypriots|nicosia
czech_republic|czechia czech czechs|prague brno
denmark|danish dane danes|copenhagen greenland
djibouti||
dominican_republic|dominican|santo_domingo
east_timor|timor-leste timorese|dili
ecuador|ecuadorian|quito guayaquil
egypt|egyptian egyptians|cairo alexandria sinai
el_salvador|salvadoran salvadorans|san_salvador
eritrea|eritrean|asmara
estonia|estonian estonians|tallinn
ethiopia|ethiopian ethiopians|addis_ababa tigray
fiji|fijian|suva
finland|finnish finn finns|helsinki
france|french frenchman|paris marseille lyon nice toulouse normandy brittany strasbourg
gabon|gabonese|libreville
gambia|gambian|banjul
georgia|georgian georgians|tbilisi
germany|german germans allemagne alemania|berlin munich hamburg frankfurt cologne bavaria saxony dresden bonn
ghana|ghanaian ghanaians|accra
greece|greek greeks|athens thessaloniki crete
guatemala|guatemalan|guatemala_city
guinea|guinean|conakry
haiti|haitian haitians|port-au-prince
honduras|honduran|tegucigalpa
hungary|hungarian hungarians|budapest
iceland|icelandic icelander icelanders|reykjavik
india|indian indians inde|new_delhi/delhi mumbai/bombay kolkata/calcutta chennai bangalore assam manipur mizoram kashmir
  kerala punjab
indonesia|indonesian indonesians indonesie|jakarta bali surabaya java sumatra aceh papua
iran|iranian iranians|tehran isfahan
iraq|iraqi iraqis|baghdad mosul basra kirkuk
ireland|irish|dublin cork
israel|israeli israelis|jerusalem tel_aviv haifa
italy|italian italians|rome milan naples venice turin sicily lombardy florence
ivory_coast|cote_d'ivoire ivorian|abidjan
jamaica|jamaican jamaicans|kingston
japan|japanese japon|tokyo osaka hiroshima nagasaki kyoto fukushima okinawa
jordan|jordanian jordanians|amman
kazakhstan|kazakh kazakhs|astana almaty
kenya|kenyan kenyans|nairobi mombasa
kosovo|kosovar|pristina
kuwait|kuwaiti kuwaitis|kuwait_city
kyrgyzstan|kyrgyz|bishkek
laos|lao laotian laotians|vientiane luang_prabang
latvia|latvian latvians|riga
lebanon|lebanese|beirut tripoli
liberia|liberian liberians|monrovia
libya|libyan libyans|benghazi
lithuania|lithuanian lithuanians|vilnius
luxembourg||
madagascar|malagasy|antananarivo
malawi|malawian|lilongwe
malaysia|malaysian malaysians malaisie|kuala_lumpur penang sabah sarawak johor putrajaya
maldives|maldivian|
mali|malian malians|bamako timbuktu
malta|maltese|valletta
mauritania|mauritanian|nouakchott
mauritius|mauritian|port_louis
mexico|mexican mexicans|mexico_city tijuana guadalajara
moldova|moldovan|chisinau
mongolia|mongolian mongolians|ulaanbaatar
montenegro|montenegrin|podgorica
morocco|moroccan moroccans|rabat casablanca
mozambique|mozambican|maputo
myanmar|burma burmese birmanie birmania|yangon/rangoon naypyidaw/naypyitaw/nay_pyi_taw mandalay sagaing bago kachin rakhine
  shan kayah chin_state magway kayin
namibia|namibian|windhoek
nepal|nepali nepalese|kathmandu
netherlands|dutch holland|amsterdam rotterdam hague/the_hague utrecht
new_zealand|new_zealander new_zealanders|wellington auckland christchurch
nicaragua|nicaraguan|managua
niger|nigerien|niamey
nigeria|nigerian nigerians|abuja lagos kano
north_korea|north_korean north_koreans dprk|pyongyang
north_macedonia|macedonia macedonian|skopje
norway|norwegian norwegians|oslo bergen
oman|omani|muscat
pakistan|pakistani pakistanis|islamabad karachi lahore peshawar
palestine|palestinian palestinians|gaza gaza_strip west_bank ramallah
panama|panamanian|panama_city
papua_new_guinea||port_moresby
paraguay|paraguayan|asuncion
peru|peruvian peruvians|lima cusco
philippines|philippine filipino filipinos|manila cebu davao mindanao
poland|polish pole poles|warsaw krakow gdansk
portugal|portuguese|lisbon porto
qatar|qatari qataris|doha
romania|romanian romanians|bucharest
russia|russian russians russie rusia russian_federation|moscow saint_petersburg/st._petersburg kremlin siberia chechnya grozny
  sochi vladivostok
rwanda|rwandan rwandans|kigali
saudi_arabia|saudi saudis|riyadh mecca jeddah medina
senegal|senegalese|dakar
serbia|serbian serb serbs|belgrade
sierra_leone|sierra_leonean|freetown
singapore|singaporean singaporeans singapour|
slovakia|slovak slovaks|bratislava
slovenia|slovenian slovene|ljubljana
somalia|somali somalis|mogadishu
south_africa|south_african south_africans|johannesburg cape_town pretoria durban
south_korea|south_korean south_koreans korea korean koreans republic_of_korea|seoul busan
south_sudan|south_sudanese|juba
spain|spanish spaniard spaniards espagne|madrid barcelona seville catalonia valencia
sri_lanka|sri_lankan sri_lankans|colombo
sudan|sudanese|khartoum darfur
sweden|swedish swede swedes|stockholm gothenburg malmo
switzerland|swiss|geneva zurich bern basel davos lausanne
syria|syrian syrians|damascus aleppo idlib homs
taiwan|taiwanese|taipei
tajikistan|tajik|dushanbe
tanzania|tanzanian|dodoma dar_es_salaam zanzibar
thailand|thai thais thailande tailandia|bangkok chiang_mai phuket mae_sot
togo|togolese|lome
tunisia|tunisian tunisians|tunis
turkey|turkish turk turks turkiye|ankara istanbul
turkmenistan|turkmen|ashgabat
uganda|ugandan ugandans|kampala
ukraine|ukrainian ukrainians|kyiv/kiev kharkiv odesa/odessa lviv mariupol donetsk crimea
united_arab_emirates|uae emirati|dubai abu_dhabi
united_kingdom|uk britain great_britain british briton britons england english scotland scottish wales welsh
  northern_ireland|london manchester birmingham edinburgh glasgow belfast cardiff liverpool oxford cambridge
united_states|us usa united_states_of_america america american americans u.s u.s.a etats-unis
  estados_unidos|washington/washington_dc new_york/new_york_city california texas florida los_angeles chicago boston houston
  hawaii alaska ohio michigan pennsylvania virginia arizona nevada oregon colorado minnesota wisconsin philadelphia
  san_francisco seattle detroit atlanta miami dallas new_jersey massachusetts maryland illinois iowa kansas kentucky louisiana
  missouri montana nebraska tennessee utah wyoming alabama arkansas connecticut delaware idaho indiana maine mississippi
  new_hampshire new_mexico north_carolina south_carolina north_dakota south_dakota oklahoma rhode_island vermont west_virginia
uruguay|uruguayan|montevideo
uzbekistan|uzbek uzbeks|tashkent
vatican|holy_see|vatican_city
venezuela|venezuelan venezuelans|caracas
vietnam|vietnamese viet_nam|hanoi ho_chi_minh_city/saigon da_nang
yemen|yemeni yemenis|sanaa aden
zambia|zambian|lusaka
zimbabwe|zimbabwean zimbabweans|harare
soviet_union|soviet ussr soviets|
europe|european europeans|
asia|asian asians|
africa|african africans|
southeast_asia|southeast_asian south-east_asia|
middle_east|middle_eastern|
latin_america|latin_american|
north_america|north_american|
south_america|south_american|
antarctica|antarctic|
arctic||
"""


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, str] = {}
    inside: dict[str, str] = {}
    for row in _TABLE.replace("\n  ", " ").strip().splitlines():
        country, others, towns = row.split("|")
        country = country.replace("_", " ")
        for name in (country, *others.split()):
            names.setdefault(name.replace("_", " "), country)
        for town in towns.split():
            first, *more = town.replace("_", " ").split("/")
            for name in (first, *more):
                names.setdefault(name, first)
            inside.setdefault(first, country)
    return names, inside


PLACES, INSIDE = _tables()  # every name -> the place; every town -> its country
LONGEST_NAME = max(len(name.split()) for name in PLACES)
CONTINENTS = frozenset(
    ("europe", "asia", "africa", "southeast asia", "middle east", "latin america", "north america", "south america")
)


def place_of(name: str) -> str | None:
    """The place a name (lower case, without accents) stands for; None where it is no place of the table."""
    return PLACES.get(name)


def lies_in(one: str, other: str) -> bool:
    """Whether one of two places lies in the other, as a town in its country."""
    return INSIDE.get(one) == other or INSIDE.get(other) == one


def may_be_one(one: str, other: str) -> bool:
    """Whether two places are the same, one lies in the other, or a continent is among them."""
    return one == other or lies_in(one, other) or one in CONTINENTS or other in CONTINENTS
