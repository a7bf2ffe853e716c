"""The workbench.toml that `workbench init` writes: every key, with its default, commented out."""

TEMPLATE = """\
# Settings of this workspace. Every key is optional; what is commented out shows its default.
# A variable such as WORKBENCH_SEARCH__MODEL overrides `model` under [search].

name = "{name}"
# mode = "local"            # or "team": people log in, with roles: docs/team.md

[records]                 # in records/ of this folder, or on a PostgreSQL server: docs/postgres.md
# url = ""                # for example "postgresql+psycopg://workbench@db.example.org/workbench"; the password: in PGPASSWORD
# takes_in = true         # false on every app server but one: claims/ and evidence/ of this folder are not looked at

[organisation]            # who publishes; a ClaimReview without a url stays a draft
# name = ""
# url = ""                # for example "https://factcheck.example.org"
# licence = ""
# logo = ""               # a PNG or JPEG in this folder, for the head of reports

[ui]
# language = "auto"       # of the labels of the app: "auto" is what each reader's browser asks for; or "en", "fr"

[report]
# template = ""           # a file in this folder in place of the html template: docs/reports.md
# paper = "a4"            # of pdf and docx; or "letter"

[evidence]                # limits are per file
# max_file_mb = 200
# media_mb = 2000         # photos, videos and sound files that somebody describes
# seconds_per_file = 20.0
# memory_mb = 1024
# passage_sentences = 5   # changing either makes new passages: run `workbench evidence reindex`
# passage_words = 150
# ocr_languages = ["eng"] # of scans and pictures, for example ["my", "en"]; a language in NAME.meta.yaml comes before it
# ocr_seconds_per_page = 30.0

[search]
# model = "packaged"      # or the folder of any sentence-transformers model on this machine; try it: workbench model check
# runtime = "auto"        # torch where there is a GPU, else OpenVINO where it runs the model; or "openvino", or "torch"
# dimensions = 0          # keep the first so many numbers of a vector (0: all); for models trained to be cut (Matryoshka)
#                           query_prompt, passage_prompt: words put before what is encoded, in place of the model's own
# reranker = ""           # the folder of a CrossEncoder that puts the best hits in a better order
# rerank_depth = 50       # how many of the best hits it reads
# dense_weight = 0.8      # share of meaning in the score of an ordinary query; the rest is words
# candidates = 200
# k = 10
# per_source = 3          # hits of one file that may stand before those of other files
# languages = ["en"]      # what the model was checked for; passages in other languages are found by words only
# engine = "local"        # or "milvus": the indexes on a server, see docs/scaling.md; then run `workbench evidence sync`

[search.milvus]
# url = ""                # for example "http://127.0.0.1:19530"
# collection = "workbench" # one for each workspace
# token = ""              # of an account; better in the variable WORKBENCH_SEARCH__MILVUS__TOKEN
# seconds = 30.0          # for one search

[claims]                  # cosine from which two claims are shown as alike; never where the lens sees a difference
# similar_from = 0.6
# near_certain_from = 0.9
# bears_from = 0.5        # cosine from which a passage of a new file may bear on a decided claim
#                           fields of your own are blocks of [[claims.fields]] with name, label, kind (text, choice, number,
#                           date) and, for a choice, choices: docs/claims.md

[stance]                  # "model X suggests", never a verdict
# model = ""              # the folder of a CrossEncoder with the labels entailment, contradiction and neutral
# temperature = 1.0       # evens out its probabilities; `workbench eval DIR --stance` fits one on labelled pairs

[review]
# scale = "averitec-4"    # or "google-5", "politifact-6", "newsroom", "conclusion"; one of your own: docs/verdicts.md
# language = ""           # of its labels, where they are translated, for example "my"
# guidelines = ""
# reviews = 1             # 2 or 3: as many people judge a claim before it is settled
# blind = true            # of several reviewers, none reads a colleague's work on a claim before having saved their own
# overlap = 0.0           # percent of the claims that two people judge where one would do; drawn from the id and the seed
# overlap_seed = ""
# referee_may_review = false  # true: one of those who disagree may settle it

[review.policy]           # checked when a verdict is saved; the page shows each before
# decisive_needs_citation = true
# off_axis_needs_ground = false
# rationale_words = 0
# repeats_count = true    # false: a passage that only quotes the claimant making the claim is not citation enough
# origins = 0             # independent origins that stand behind a decisive rating
# explanation_required = false
# headline_required = false
# ask_named_person = false # somebody named as the claimant is asked before a decisive rating, and replied or had the time to
# publish_confidence = false
# sign_offs = []          # who must sign a verdict before it goes to readers, for example ["editor", "legal", "copy"]
# second_person_publishes = false  # true: whoever gave a verdict neither signs it off nor publishes it

[keys]                    # of the pages; "" for none; two actions of one page cannot share a key
# next = "j"
# previous = "k"
# open = "o"
# take_next = "n"         # on Queue
# next_passage = "n"      # on Document
# previous_passage = "p"
# supports = "1"
# refutes = "2"
# context = "3"
# not_relevant = "4"
# ratings = ["Shift+1", "Shift+2", "Shift+3", "Shift+4", "Shift+5", "Shift+6", "Shift+7", "Shift+8", "Shift+9"]
# save = "Ctrl+Enter"
# save_and_next = "Ctrl+Shift+Enter"
# undo = "u"
# next_panel = "t"       # where Check is narrow: claim, evidence, verdict in turn
# help = "?"
"""
