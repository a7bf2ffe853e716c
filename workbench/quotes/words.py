"""The word tables that reading quotations rests on: verbs of speech, offices, words with a capital that name nobody.

Each table says why a word is in it. Nothing here is learned from data; a wrong attribution is mended by a word in a table.
"""

from __future__ import annotations

from collections.abc import Sequence


def word_set(words: str) -> frozenset[str]:
    """The words of a table, written as one text so that it reads as a list of words."""
    return frozenset(words.split())


# Verbs that take a reported clause ("said that"), then verbs that only go with quoted words or a label ("called it a").
PLAIN = """
say tell add note argue explain claim state announce assert insist maintain acknowledge admit allege believe caution
conclude confirm contend declare deny emphasize emphasise estimate feel find hope indicate observe predict promise point
recall remark remind repeat reply respond reveal stress suggest suspect testify think vow warn write tweet report complain
concede affirm assume boast charge counter guess joke learn mention pledge proclaim propose recount reiterate speculate
swear agree show know
"""
OTHER = """
accuse answer applaud ask assail attack bash beg blame blast brag call characterize characterise chant cheer chide cite
comment condemn continue criticize criticise cry decry defend demand denounce deride describe dismiss dub echo exclaim
express gush hail interject invoke label lament lambast laud mock muse opine plead portray post praise press pronounce
question quip quote rail rant read rebuke refer reject retort ridicule scoff scold shout sing slam speak tout trash urge
utter yell brand elaborate email intone liken mutter summarize text thank threaten toast vent volunteer welcome whisper
wonder
"""
IRREGULAR = """
say:says,said,saying tell:tells,told,telling think:thinks,thought,thinking write:writes,wrote,written,writing
find:finds,found,finding feel:feels,felt,feeling swear:swears,swore,sworn,swearing show:shows,showed,shown,showing
know:knows,knew,known,knowing read:reads,reading sing:sings,sang,singing speak:speaks,spoke,spoken,speaking
hear:hears,heard,hearing understand:understands,understood,understanding seek:seeks,sought,seeking bet:bets,betting
agree:agrees,agreed,agreeing disagree:disagrees,disagreed,disagreeing echo:echoes,echoed,echoing
choose:chooses,chose,chosen,choosing see:sees,saw,seen,seeing mean:means,meant,meaning hold:holds,held,holding
"""
DOUBLED = {
    "admit",
    "brag",
    "quip",
    "slam",
    "dub",
    "refer",
    "beg",
    "plan",
    "rip",
    "pan",
    "infer",
    "rebut",
    "regret",
}  # slammed, slamming
# Forms that are nouns as often: a cue only where no article, possessive, capital word or preposition stands before them.
NOUNLIKE = word_set("""
    claim claims report reports state states note notes call calls charge charges promise promises post posts show shows
    question questions answer answers attack attacks comment comments demand demands text texts hope hopes pledge
    pledges quote quotes tweet tweets estimate estimates cheer cheers counter press email emails joke jokes thought
    thoughts feeling saying praise blame label brand reply stress point points finding
    """)
HELPERS = word_set("""
    has have had also then later once again now still even did does do would could will can may might must should
    recently often just first only never always repeatedly further previously already not to is are was were been being
    be
    """)
TO_BE = word_set("is are was were been being be am")
PRONOUNS = word_set("he she they it we i who you")
DETERMINERS = word_set("""
    the a an his her their its our my your this that these those one another some many several two three most no
    """)
ARTICLES = word_set("the a an his her their its our my your this that these those no")  # alone they name nobody; "some" does
PREPOSITIONS = word_set("of for from to at in with on by about against into over under during after before than as")
CLAUSE_STARTS = word_set("and but that because when while after before as if which where though although since so or until")

# Words with a capital that are no name by themselves; a run of names ends at them.
NOT_NAMES = word_set("""
    The A An In On At For From To By Of With As And But Or Nor So Yet If When While After Before Since Although Though
    Because It Its He She They We I You His Her Their Our My Your This That These Those There Here What Who Which Where
    Why How Not No Yes Then Now Also Even Still Just Only Once All Both Each Most Many Some Few Several One Two Three
    First Second Last Next Meanwhile However According Asked During Earlier Later Today Monday Tuesday Wednesday
    Thursday Friday Saturday Sunday January February March April May June July August September October November
    December Jan. Feb. Aug. Sept. Oct. Nov. Dec. Let Well Oh Is Are Was Were Do Does Did Will Would Could Should Can
    Being Speaking Another Instead Perhaps Indeed Finally Like Despite Under Credible Leading
    """)
# Offices and ranks: the name is what follows the last of them ("Cambodian Foreign Minister Prak Sokhonn").
TITLES = word_set("""
    Mr. Mrs. Ms. Dr. Sen. Rep. Gov. Gen. Lt. Col. Maj. Sgt. Capt. Adm. Rev. Prof. Hon. Mr Mrs Ms Dr Senator
    Representative Congressman Congresswoman Governor General President Vice Minister Secretary Chairman Chairwoman
    Chair Director Adviser Advisor Commissioner Spokesman Spokeswoman Spokesperson Mayor Judge Justice Speaker Leader
    Ambassador Chancellor Premier Prince Princess King Queen Pope Bishop Rabbi Pastor Professor Attorney Officer Chief
    Counsel Manager Strategist Reporter Analyst Correspondent Editor Author Host Deputy Envoy Councillor Counsellor
    Counselor Commander Sheriff Former Republican Democratic Democrat
    """)
# Subjects of an office that stand right before the name ("... for Human Rights Michelle Bachelet"); cut while two words remain.
SUBJECTS = word_set("""
    Human Rights Genocide Affairs Security Defense Defence Refugees Terrorism Trade Health Education Energy
    """)
# What a body or a place is called by: such a run is nobody that "he" or "she" could mean.
BODIES = word_set("""
    Association University Department Bank Ministry Council Board House League Institute Office Bureau Union Federation
    Committee Center Centre College School Church Court Party Group Times Post News Press Journal International Watch
    Nations States Assembly Congress Senate Agency Service Commission Foundation Fund Company Corp. Inc. Institution
    Network Organization Society Campaign Street City County America American National York Washington Myanmar Russia
    Russian China White United Army Military Moscow
    """)


def forms_of(bases: Sequence[str]) -> dict[str, str]:
    """Every form of some verbs -> its base; the form that two verbs share is given to the first."""
    irregular = dict(row.split(":") for row in IRREGULAR.split())
    forms: dict[str, str] = {}
    for base in bases:
        if base in irregular:
            found = [base, *irregular[base].split(",")]
        else:
            stem = base + base[-1] if base in DOUBLED else base[:-1] if base.endswith("e") else base
            past = base[:-1] + "ied" if base.endswith("y") and base[-2] not in "aeou" else stem + "ed"
            third = base[:-1] + "ies" if past.endswith("ied") else base + ("es" if base.endswith(("ch", "sh", "ss")) else "s")
            found = [base, third, past, base + "ing" if past.endswith("ied") else stem + "ing"]
        for form in found:
            forms.setdefault(form, base)
    return forms


FORMS = forms_of((PLAIN + " " + OTHER).split())  # every form of every cue verb -> its base
TAKES_CLAUSE = word_set(PLAIN)
