"""Words that mean the same to a news reader: what lets "883 people were killed" be set beside "the toll stood at 1,400".

What lives here: tables. A group is kept only where its words may stand for one another in a report; words that merely go
together (army, war) are not a group. Nothing here is learned from data; a missed pair is mended by a word in a table.
"""

from __future__ import annotations

from workbench.quotes.words import word_set

# Irregular verbs and nouns: base, then its other forms.
_IRREGULAR = """
be am is are was were been being|have has had having|do does did done doing|go goes went gone going|say says said saying
make makes made making|take takes took taken taking|come comes came coming|see sees saw seen|know knew known|get got gotten
give gives gave given giving|find found|think thought|tell tells told|become became|show shown|leave leaves left leaving
feel felt|put putting|bring brought|begin began begun beginning|keep kept|hold held|write wrote written writing|stand stood
hear heard|let letting|mean meant|set setting|meet met meeting meetings|run ran running|pay paid|sit sat sitting
speak spoke spoken|lie lay lain lying|lead led|read reading|grow grew grown|lose lost losing|fall fell fallen|send sent
build built|understand understood|draw drew drawn|break broke broken|spend spent|cut cutting|rise rose risen rising
drive drove driven driving|buy bought|wear wore worn|choose chose chosen choosing|seek sought|throw threw thrown|catch caught
deal dealt|win won winning|forget forgot forgotten|shoot shot|strike struck stricken striking|teach taught|sell sold
steal stole stolen|fly flies flew flown|fight fought|sink sank sunk|swear swore sworn|bear bore borne|hit hitting|beat beaten
sing sang sung|shut shutting|hide hid hidden hiding|flee fled|feed fed|burn burnt|freeze froze frozen freezing
shake shook shaken
slay slew slain|bury buried buries burying|die died dies dying|arise arose arisen|withdraw withdrew withdrawn|spread spreading
overthrow overthrew overthrown|overtake overtook overtaken|undergo underwent undergone|forbid forbade forbidden|quit quitting
child children|man men|woman women|person persons people peoples|life lives|wife wives|foot feet|half halves|policeman policemen
spokesman spokesmen|spokeswoman spokeswomen|fisherman fishermen|crisis crises|medium media|mouse mice|wolf wolves|tooth teeth
long longer longest|high higher highest|large larger largest|old older oldest|big bigger biggest|small smaller smallest
lend lent|shrink shrank shrunk|swim swam swum|wake woke woken|weave wove woven|swing swung|bind bound|breed bred|blow blew blown
ban banned banning|admit admitted admitting|commit committed committing|permit permitted permitting|refer referred referring
occur occurred occurring|transfer transferred transferring|expel expelled expelling|control controlled|cancel cancelled canceled
travel travelled traveled travelling traveling|annul annulled annulling|fulfil fulfilled fulfill
succeed succeeded succeeding|proceed proceeded|exceed exceeded exceeding|need needed|label labelled labeled
rebel rebelled|compel compelled|bomb bombed bombing|news
"""

# Groups of words for one thing, the first of them its name. Bases only; inflections are stripped before.
_GROUPS = """
death die dead deadly kill killing fatal fatality toll perish murder slay slaughter massacre assassinate deceased
detention arrest detain imprison jail jailed prison prisoner custody incarcerate detainee captive inmate lock
injury injure wound hurt maim
displacement displace uproot
release free freed liberate
charge indict prosecute accuse accused accusation allege allegation
conviction convict sentence guilty
vote ballot poll
election elect electoral polls election
coup takeover putsch overthrow oust topple depose
protest demonstrate demonstration demonstrator protester protestor march rally
army military troops soldier tatmadaw
police officer policeman constabulary gendarme
junta regime generals
government cabinet administration
leader head chief chairman chairwoman boss
president presidential
spokesperson spokesman spokeswoman spokespeople
fraud rig rigged rigging cheat cheating
violence violent crackdown bloodshed repression
attack assault raid strike offensive bombing shell shelling bombard bombardment
evidence proof prove proven substantiate
war conflict hostilities
fight fighting combat battle clash
ceasefire truce armistice
talks negotiation negotiate dialogue discussion discuss
agreement accord deal treaty pact
meeting meet summit conference gathering forum
greet welcome
parliament parliamentary assembly legislature
visit trip travel journey fly tour voyage destination arrive arrival
say tell declare announce add note remark comment describe
claim assert maintain insist argue contend
warn warning caution
help aid assist assistance relief support back backing
money fund cash funding
price cost
pay salary wage earnings income
rise increase grow growth climb soar surge jump gain
fall decrease decline drop shrink reduce reduction plunge cut lower
begin start launch commence onset break outbreak open reopen
end finish conclude cease halt stop
company firm business corporation enterprise
job employment work
child kid minor youngster
woman female girl
man male boy
house home household
school college
hospital clinic
sick ill illness disease
infection infect
vaccine vaccinate vaccination jab inoculate
doctor physician
town city
country nation state
region area province
border frontier
shut closed closes closing closure
near close
big large great huge major
small little minor
buy purchase acquire
sell sale
build construct erect construction
destroy demolish wreck ruin
damage harm
hide conceal
join accede
leave quit depart withdraw withdrawal exit
resign resignation step
appoint name nominate
win victory victorious triumph
lose defeat loss
approve adopt adoption pass endorse ratify
abstain abstention
register registration registrant
reject refuse deny dismiss
sanction penalty embargo
weapon arm gun
money dollars
film movie
book novel
author writer write
birth born
marry wed wedding marriage spouse
flood flooding
fire blaze burn burning
earthquake quake tremor
storm hurricane cyclone typhoon
warming warm heat hot
emission emit
survey poll questionnaire
study research
scientist researcher
expert analyst specialist
lawyer attorney
court tribunal
judge justice
trial hearing
law legislation statute
bill draft
citizen national
civilian noncombatant
inhabitant resident population
voter electorate
party faction
opposition opponent oppose critic dissident
journalist reporter
newspaper daily paper newsroom outlet media
interview question
letter note
speech address
deadline limit
headquarters headquartered seat based
restriction restrict curb
world worldwide global globally
result outcome
signatory sign signature
count tally
plot conspiracy scheme
threat threaten
criticise criticism denounce condemn condemnation
promise pledge vow
extend extension expand
ruling verdict judgment
militia insurgent rebel guerrilla
aircraft plane jet airplane
abduct abduction kidnap
confirm verify confirmation verification
funeral burial bury
expel expulsion deport
television tv broadcast televise
crash accident collision
famine hunger starvation
flee escape
apologise apology
suspend suspension
dissolve dissolution disband
investigate investigation inquiry probe
complain complaint
exclude exclusion
explanation explain
sponsor backer
monthly month
annual yearly year
organisation organization ngo group association
envoy emissary representative delegate
minister ministry
deliver delivery supply
forest woodland
refugee displaced exile
migrant immigrant
student pupil
teacher instructor
prevent block hinder
"""

# Verb and noun that together are one of the groups, with a few words between: "cost more than 1,400 civilian lives".
PHRASES = {
    ("let", "go"): "release",
    ("lose", "life"): "death", ("claim", "life"): "death", ("take", "life"): "death", ("cost", "life"): "death",
    ("life", "lose"): "death", ("put", "death"): "death", ("seize", "power"): "coup", ("take", "power"): "coup",
    ("grab", "power"): "coup", ("behind", "bar"): "detention", ("throw", "out"): "reject", ("strike", "down"): "reject",
    ("vote", "down"): "reject", ("set", "free"): "release", ("take", "control"): "coup", ("seize", "control"): "coup",
    ("set", "fire"): "fire", ("set", "ablaze"): "fire", ("set", "alight"): "fire", ("take", "effect"): "begin",
    ("come", "force"): "begin", ("bring", "together"): "meeting", ("come", "together"): "meeting", ("keep", "out"): "exclude",
    ("shut", "out"): "exclude", ("leave", "out"): "exclude", ("break", "out"): "begin", ("turn", "down"): "reject",
    ("step", "down"): "resign", ("call", "off"): "cancel", ("set", "up"): "establish", ("put", "off"): "postpone",
}  # fmt: skip

# Words so common that sharing one says little about what a sentence is about.
LIGHT = word_set("""
    say claim year day time make take give part people person country new group thing way number total figure one
    case place come
    good come put go get use become old big small high low first last recent former next other another same different many
    show find see hold keep know call include including accord according follow following about
    """)

# People counted without saying which: any two of these may count the same heads; a soldier and a child may not.
ANYBODY = word_set(
    "people person civilian victim inhabitant citizen protest life human soul body death injury detention other total "
    "personne gens persona habitant opposition"
)
SOMEBODY = word_set(
    "army police child woman man journalist student teacher doctor worker official refugee migrant voter monk nurse "
    "farmer patient "
    "politician lawmaker senator minister activist artist prisoner soldier lawyer author scientist expert athlete player "
    "passenger pilot sailor tourist"
)

# What was done to the counted: figures of different events are never set against each other.
EVENTS = word_set("death detention injury displacement release charge conviction infection vaccine birth marry abstain")


def irregular_bases() -> dict[str, str]:
    """Every irregular form and its base."""
    bases: dict[str, str] = {}
    for row in _IRREGULAR.replace("\n", "|").split("|"):
        base, *forms = row.split() or [""]
        bases.update(dict.fromkeys(forms, base))
        bases.setdefault(base, base)
    bases.pop("", None)
    return bases


def groups() -> dict[str, str]:
    """Every grouped word and the name of its group; a word named twice keeps its first group."""
    names: dict[str, str] = {}
    for row in _GROUPS.replace("\n  ", " ").strip().splitlines():
        name, *others = row.split()
        for word in (name, *others):
            names.setdefault(word, name)
    return names
