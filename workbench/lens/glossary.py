"""Words of other languages for what news of this library's subjects keeps naming, each with the English root it stands for.

What lives here: tables. Without a word in common a figure or date in another language is silence, never a difference; a missed
pair is mended by a word here.
"""

from __future__ import annotations

# French and Spanish, by the beginnings that all forms of a word share (without accents), the longest first.
_BEGINNINGS = {
    "fr": """
    death mort mourut mourir deces deced tue|detention arret detent detenu emprison prison incarcer|injury bless
    release liber|charge accus inculp|conviction condamn|vote vot|election elect|coup putsch coup|protest manifest protest
    army armee militair soldat|police polic|government gouvern|leader dirigeant chef|president presid|minister minist
    attack attaqu bombard|war guerre|ceasefire cessez treve|agreement accord|meeting reunion rencontr sommet reuni
    money argent|rise augment hauss|fall baiss diminu recul|begin commenc debut|end fin finir|school ecole|hospital hopital
    woman femme|man homme|child enfant|city ville|country pays nation|border frontier|journalist journal|law loi
    court tribunal cour|citizen citoyen|civilian civil|inhabitant habitant|village villag|refugee refugi|flee fui fuient
    party parti|opposition oppos|resolution resolution|abstention absten abstin|person personn gens|place lieu|take prend pris
    power pouvoir|year annee|week semaine|month mois|house maison|plot complot|fraud fraud|report rapport|price prix
    visit visit|weapon arme|help aide|member membr|seat siege|journey voyag|announce annonc|group group|estimate estim
    """,
    "es": """
    death muert murier murio fallec mat asesin|detention detenid deten detuv arrest encarcel carcel pres preso|injury herid
    release liber|charge acus imput|conviction conden|vote vot|election elecc elect|coup golp|protest protest manifest
    army ejercit militar soldad|police polic|government gobiern|leader lider jef dirigent|president presid|minister ministr
    attack ataqu atac bombard|war guerr|ceasefire treg alto|agreement acuerd|meeting reunion encuentr cumbr reunier
    money diner|rise aument subi subio|fall baj disminu cayo|begin comenz empez inici|end termin fin|school escuel
    hospital hospital|woman mujer|man hombr|child nin|city ciudad|country pais nacion|border fronter|journalist periodist
    law ley|court tribunal|citizen ciudadan|civilian civil|inhabitant habitant|village puebl alde|refugee refugi|flee huy
    party partid|opposition oposic|resolution resoluc|abstention absten abstuv|person person gent|place lugar|take tom
    power poder|year ano|week seman|month mes|house cas|plot complot|fraud fraud|report inform|export export|price preci
    visit visit|weapon arma|help ayud|member miembr|seat escan|journey viaj|announce anunc|group grup|estimate estim segun
    authority autorid|annul anul|hold celebr|union union
    """,
}
_SHORTEST = 4  # letters of a beginning that may be the whole word's; a shorter one must be the word, but for an ending
_ENDINGS = ("", "s", "e", "a", "o", "es", "as", "os", "ee", "ees")

# Scripts without spaces between words: terms as they stand in the text.
TERMS = {
    term: root
    for root, terms in {
        "death": "死亡 遇难 遇害 丧生 被杀 杀害 身亡 打死 သေဆုံး သတ်ဖြတ် ស្លាប់ សម្លាប់",
        "detention": "被捕 逮捕 拘留 ဖမ်းဆီး ထိန်းသိမ်း ចាប់ខ្លួន ឃុំខ្លួន",
        "injury": "受伤 ဒဏ်ရာ របួស",
        "coup": "政变 夺权 အာဏာသိမ်း រដ្ឋប្រហារ",
        "election": "选举 大选 ရွေးကောက်ပွဲ បោះឆ្នោត",
        "protest": "抗议 示威 ဆန္ဒပြ តវ៉ា បាតុកម្ម",
        "myanmar": "缅甸 မြန်မာ មីយ៉ាន់ម៉ា",
        "cambodia": "柬埔寨 ကမ္ဘောဒီးယား កម្ពុជា",
        "civilian": "平民 အရပ်သား ជនស៊ីវិល",
        "fraud": "舞弊",
        "abstain": "弃权",
        "resolution": "决议 ဆုံးဖြတ်ချက် សេចក្តីសម្រេច",
        "army": "军队 军方 စစ်တပ် កងទ័ព យោធា",
        "flee": "逃离 逃亡 ထွက်ပြေး រត់គេច ភៀសខ្លួន",
        "registration": "登记 注册 မှတ်ပုံတင် ចុះឈ្មោះ",
        "vote": "投票 赞成票",
        "end": "结束 ပြီးဆုံး បញ្ចប់",
        "begin": "开始 စတင် ចាប់ផ្តើម",
        "visit": "访问 သွားရောက် ទស្សនកិច្ច",
        "minister": "部长 ဝန်ကြီး រដ្ឋមន្ត្រី",
        "government": "政府 အစိုးရ រដ្ឋាភិបាល",
        "meeting": "会议 会晤 峰会 အစည်းအဝေး ប្រជុំ",
        "journalist": "记者 သတင်းထောက် អ្នកសារព័ត៌មាន",
        "police": "警察 ရဲ ប៉ូលិស",
        "child": "儿童 ကလေး កុមារ",
        "village": "村庄 ကျေးရွာ ភូមិ",
    }.items()
    for term in terms.split()
}


def _table(rows: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows.replace("\n", "|").split("|"):
        root, *beginnings = row.split() or [""]
        for beginning in beginnings:
            found.setdefault(beginning, root)
    return found


_TABLES = {language: _table(rows) for language, rows in _BEGINNINGS.items()}


def english_root(low: str, language: str) -> str:
    """The English word a French or Spanish one stands for, by how it begins; "" where the table has none."""
    table = _TABLES.get(language, {})
    for length in range(min(len(low), 9), 1, -1):
        found = table.get(low[:length])
        if found and (length >= _SHORTEST or low[length:] in _ENDINGS):
            return found
    return ""
