"""What a word of speech is followed by when it reports something: its frames.

A frame names the shape of what is reported ("argued that CLAUSE", "vowed to DO", "accused X of DOING", "called for SOMETHING").
A word stands in a table where English grammar lets it take that shape and the whole then says what somebody said, thinks or
intends. Words that do so only now and then ("see", "sign", "name", "share") are left out: they would report too much.
"""

from __future__ import annotations

from workbench.quotes.words import PLAIN, forms_of, word_set

# Verbs whose "that" clause is a report, besides those that may introduce quoted words too (`words.PLAIN`).
THAT = (
    PLAIN
    + """
    accept allow appreciate argue assure attest await bemoan bet brag calculate clarify comment convince deduce demand
    determine dispute doubt emphasize fear find gripe grouse grumble hear hint hold imagine imply infer inform joke lament
    mean mutter notify perceive persuade ponder post pray prove realise realize reason reckon recognise recognize recommend
    regret request retort rule signal speculate stipulate theorise theorize understand urge worry
    """
)
# Verbs that drop their "that" often enough for the bare clause to be taken as reported.
BARE = """
    acknowledge add admit agree allege announce argue assume believe boast claim concede confirm contend declare doubt
    estimate explain fear feel figure guess hope indicate insist joke know maintain note predict promise reckon report
    reveal say suggest tell think warn wish
    """
# Verbs that name their hearer before what they say: "told reporters that", "assured voters they".
TO_HEARER = "tell remind inform assure warn advise notify persuade convince promise show ask"
# "vowed to veto the bill": what somebody commits themselves to, refuses, or is after.
TO_DO = """
    agree aim ask consent decide decline demand expect hesitate hope intend offer plan pledge promise propose refuse request
    resolve seek swear threaten vow want
    """
# "asked whether CLAUSE": the question is what is reported.
WH = """
    address ask consider decide describe detail discuss explain know learn mention note ponder question recall reveal say
    understand wonder
    """
# Verbs of speech with an object: what is said is said of it, and the object with what follows is what is reported.
OBJECT = """
    accuse acknowledge admonish announce applaud ask assail attack bash belittle bemoan berate blame blast brand call
    castigate champion characterise characterize chide cite commend condemn condone confirm congratulate credit criticise
    criticize declare decry defend demand demonize denigrate denounce deny deride describe detail disavow discount discuss
    dismiss disparage dispute doubt downplay dub echo emphasise emphasize encourage endorse excoriate explain express favour
    fear hail highlight imply insult invoke label lambast lambaste lament laud liken malign mention mock note oppose outline
    pan pillory portray praise predict proclaim promise propose question rebuke rebut recall recount reference refute regret
    reiterate reject renounce repudiate retweet reveal ridicule rip salute scold skewer slam stress suggest taunt tease
    thank tout trash tweet urge vilify voice welcome
    """
# The same with the preposition that belongs to the verb: "called for", "spoke of".
WITH = """
    advocate:for agree:with,on,to allude:to apologise:for apologize:for argue:for,against,over ask:for,about balk:at
    boast:about,of brag:about bristle:at call:for,on,out comment:on,about complain:about,of disagree:with,on disapprove:of
    dream:of elaborate:on gush:about hint:at hope:for inquire:about insist:on joke:about lash:out lobby:for,against
    muse:about object:to opine:on plead:for,with point:to,out push:for,back quarrel:over rail:against rant:about react:to
    refer:to reflect:on respond:to,with scoff:at side:with speak:of,about,against talk:about,of,up testify:about,against
    tweet:about,at warn:of,about,against wish:for wonder:about worry:about write:about,of
    """
# Nouns that name a report, and what follows them where it does: "the claim that", "her promise to", "criticism of".
NOUNS = """
    accusation:that,of admission:that,of allegation:that,of allusion:to announcement:that,of apology:for,to
    argument:that,for,against assertion:that,of assessment:that,of assumption:that assurance:that,of belief:that,in
    call:for,to,on claim:that,to,of,about comment:about,on,that,to complaint:that,about,of concern:that,about,over
    conclusion:that confession:that conviction:that criticism:of,that critique:of demand:that,for,to denial:that,of
    determination:to disclosure:that doubt:that,about endorsement:of expectation:that fear:that hint:that,at,of
    hope:that,of,for idea:that insistence:that,on joke:about mention:of notion:that opinion:that,on,of,about opposition:to
    passion:for plan:to,for pledge:that,to praise:for,of prediction:that,of,about promise:that,to,of proposal:to,for,that
    proposition:that push:to,for question:about,of,on,over reference:to refusal:to remark:about,on,that reminder:that,of
    report:that,of revelation:that,about rumor:that,about,of rumour:that,about,of sentiment:that statement:that
    suggestion:that,of suspicion:that,of,about talk:of,about testimony:that,about theory:that,about,of thought:that,on,about
    threat:to tribute:to view:that,on,about vow:to,that,of warning:that,of,about worry:that,about
    """
# Adjectives with a report after them: "was confident that", "is critical of", "eager to".
STATES = """
    adamant:that,about,in afraid:that,of angry:about,at,that apologetic:about aware:that,of certain:that clear:that
    concerned:that,about confident:that,in,of convinced:that,of critical:of determined:to,that dismissive:of doubtful:that
    eager:to frustrated:that,with,by furious:that,about,at,with glad:that,to happy:that,to,with hopeful:that,about
    obvious:that opposed:to optimistic:that,about proud:that,of,to reluctant:to sceptical:of,about,that
    skeptical:of,about,that supportive:of sure:that unaware:that,of unhappy:with,about wary:of willing:to worried:that,about
    """
# Words that follow a cue and belong to it: when and where it was said, and how.
WHEN = word_set(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tonight last this earlier later recently"
    " repeatedly again also publicly privately flatly clearly bluntly simply explicitly famously instead once then there here"
    " week month year night morning afternoon evening weekend too on-air however"
)
AUXILIARIES = word_set(
    "is are was were be been am has have had will would could can may might must should did does do isn't aren't wasn't"
    " weren't hasn't haven't hadn't won't wouldn't couldn't can't cannot shouldn't didn't doesn't don't isn’t aren’t wasn’t"
    " weren’t hasn’t haven’t hadn’t won’t wouldn’t couldn’t can’t shouldn’t didn’t doesn’t don’t"
)
QUESTIONS = word_set("how why whether what who where if when which")


def _pairs(table: str) -> dict[str, frozenset[str]]:
    return {base: frozenset(others.split(",")) for base, others in (row.split(":") for row in table.split())}


def _verbs(table: str) -> dict[str, str]:
    return forms_of(table.split())


THAT_FORMS, BARE_FORMS, HEARER_FORMS = _verbs(THAT), _verbs(BARE), _verbs(TO_HEARER)
TO_FORMS, WH_FORMS, OBJECT_FORMS = _verbs(TO_DO), _verbs(WH), _verbs(OBJECT)
_WITH = _pairs(WITH)
WITH_FORMS = {form: _WITH[base] for form, base in forms_of(list(_WITH)).items()}
_NOUNS = _pairs(NOUNS)
NOUN_FORMS = {
    form: shapes
    for noun, shapes in _NOUNS.items()
    for form in (noun, noun[:-1] + "ies" if noun.endswith("y") else noun + "es" if noun.endswith("ch") else noun + "s")
}
STATE_FORMS = _pairs(STATES)
VERBS = frozenset().union(THAT_FORMS, BARE_FORMS, HEARER_FORMS, TO_FORMS, WH_FORMS, OBJECT_FORMS, WITH_FORMS)
CUES = VERBS | frozenset(NOUN_FORMS) | frozenset(STATE_FORMS)
