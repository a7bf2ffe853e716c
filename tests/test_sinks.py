"""What may run code, or turn a text into markup, has one home each; everything else is found here and named.

A sink is a call that executes or renders what it is given. The tables say where each may stand, and why that is safe.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.labels import Module

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "workbench"

# Calls that make markup of a text, or run it: by the end of their dotted name.
CALLS = {
    "st.html": "markup",
    "st.iframe": "markup",
    "st.components": "markup and scripts",
    "components.v1": "markup and scripts",
    "components.v2": "markup and scripts",
    "eval": "runs a text",
    "exec": "runs a text",
    "compile": "makes a text runnable",
    "__import__": "loads code by name",
    "import_module": "loads code by name",
    "os.system": "a shell",
    "os.popen": "a shell",
    "subprocess.getoutput": "a shell",
    "yaml.load": "makes objects of a text",
    "yaml.unsafe_load": "makes objects of a text",
    "yaml.full_load": "makes objects of a text",
    "torch.load": "unpickles",
    "tempfile.mktemp": "a name somebody else can take",
    "extractall": "writes where an archive says",
    "Markup": "markup",
    "fromstring": "parses XML",
    "document_fromstring": "parses HTML",
    "XMLParser": "parses XML",
    "XHTMLParser": "parses XML",
    "HTMLParser": "parses HTML",
    "ET.parse": "parses XML",
    "minidom.parseString": "parses XML",
    "pulldom.parse": "parses XML",
    "make_parser": "parses XML",
    "iterparse": "parses XML",
}
BUILTINS = {"eval", "exec", "compile", "__import__"}
# Arguments that open a door, with the values under which it stays shut.
ARGUMENTS = {
    "unsafe_allow_html": (),
    "shell": (False,),
    "allow_pickle": (False,),
    "trust_remote_code": (False,),
    "resolve_entities": (False,),
    "no_network": (True,),
    "load_dtd": (False,),
    "autoescape": (True,),
    "use_safetensors": (True,),
    "verify": (),
}
# Modules that load objects from bytes, or speak to the network.
IMPORTS = {
    *("pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"),
    *("requests", "httpx", "aiohttp", "urllib.request", "http.client", "ftplib", "smtplib", "socket", "ssl"),
    *("xml.sax", "xml.dom", "xml.etree", "defusedxml"),
}
ALLOWED = {  # (file, sink): why it is safe there
    ("ui/show.py", "st.html"): "the one home: what it is given is a Safe, escaped by construction",
    ("ui/show.py", "st.iframe"): "the preview of a report, in a frame with an empty sandbox",
    ("ui/show.py", "st.components"): "two components of ours; texts reach them as data and are set with textContent",
    ("ui/show.py", "components.v2"): "the same",
    ("__init__.py", "import_module"): "a name of a table in that file",
    ("reading/worker.py", "import_module"): "a reader of the table of formats",
    ("bulk/cluster.py", "socket"): "asks only whether the Ray that was named answers; Ray itself would wait for minutes",
    ("cli/workspace.py", "socket"): "asks only whether a port of this machine is free before serving on it",
    ("exports/atom.py", "xml.etree"): "writes feeds, parses nothing",
    ("reading/package.py", "XMLParser"): "entities and network off, and what declares a type is refused before",
    ("reading/package.py", "fromstring"): "with that parser, in the process that reads files",
    ("reading/markup.py", "XHTMLParser"): "entities and network off, in the process that reads files",
    ("reading/markup.py", "HTMLParser"): "network off, in the process that reads files",
    ("reading/markup.py", "fromstring"): "with that parser",
    ("reading/markup.py", "document_fromstring"): "with that parser",
}

# Labels are Markdown: a foreign text in one must pass show.literal. These are ours in a way that reading the file cannot show.
OUR_LABELS = {  # (file, expression): why
    ("ui/cited_panel.py", "_('Cited: {counts}{behind}', counts=', '.join(counts), behind=behind)"): "numbers and stances",
    ("ui/dialog.py", "_(self.save)"): "a word of the page that makes the dialog",
    ("ui/dialog.py", "_(self.title)"): "the same",
    (
        "ui/document_panel.py",
        "_('Hit {number} of {count} of this claim here', number=number + 1, count=len(found)) if number is not None else "
        "counted(len(found), '{count} hit of this claim here', '{count} hits of this claim here')",
    ): "numbers",
    ("ui/filters_panel.py", "_(label)"): "a word of the page that draws the search line",
    ("ui/filters_panel.py", "' '.join(filter(None, (hint, _(OPERATORS))))"): "the same",
    ("ui/folded.py", "label"): "a heading of ours with numbers, or literal() where a claim is in it (precedents)",
    ("ui/import_claims.py", "f'{title} ({number(count)})'"): "Added, Changed or Left out",
    ("ui/intake.py", "' · '.join(told) or _('Beginning')"): "names of steps, and numbers",
    ("ui/keys.py", "_('Every key of the pages') + (f' ({key})' if key else '')"): "a key that settings/keys.py knows",
    ("ui/queue_rows.py", "_('Choose {claim_id}', claim_id=claim_id)"): "an id holds letters, digits and hyphens only",
    ("ui/quotations_panel.py", "lambda group: f'{_(group)} ({number(len(groups[group]))})'"): "a group of that file",
    ("ui/source_form.py", "_help(field)"): "tables of ours",
    ("ui/source_form.py", "label"): "a table of metadata.py",
    ("ui/today_panel.py", "f'{number(many)} {label}'"): "words of that file",
    ("ui/views/agreement.py", "_in_words(one)"): "numbers",
}


def modules() -> list[Path]:
    return [CHECKOUT / "streamlit_app.py", *sorted(PACKAGE.rglob("*.py"))]


def sinks(path: Path) -> Iterator[tuple[str, int]]:
    """(sink, line) of everything in the file that may run or render what it is given."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute | ast.Name):
            yield from ((call, node.lineno) for call in named(dotted(node)))
        elif isinstance(node, ast.Call):
            yield from opened(node)
        elif isinstance(node, ast.Import):
            yield from ((one, node.lineno) for name in node.names for one in IMPORTS if within(name.name, one))
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((one, node.lineno) for one in IMPORTS if within(node.module, one))


def dotted(node: ast.expr) -> str:
    """The last two parts of a dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value).rpartition('.')[2]}.{node.attr}"
    return ""


def named(name: str) -> set[str]:
    """The calls of the table under that name; a builtin only by its bare name: re.compile is none."""
    last = name.rpartition(".")[2]
    return CALLS.keys() & ({name} if last in BUILTINS else {name, last})


def opened(call: ast.Call) -> Iterator[tuple[str, int]]:
    given = {one.arg: one.value for one in call.keywords if one.arg}
    for name, shut in ARGUMENTS.items():
        if name in given and not (isinstance(given[name], ast.Constant) and given[name].value in shut):  # type: ignore[attr-defined]
            yield f"{name}=", call.lineno
    if dotted(call.func) in ("np.load", "np.save") and "allow_pickle" not in given:
        yield "allow_pickle=", call.lineno


def within(module: str, family: str) -> bool:
    return module == family or module.startswith(f"{family}.")


def place(path: Path) -> str:
    return str(path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else CHECKOUT))


def test_what_runs_or_renders_a_text_stands_only_where_a_reason_is_given() -> None:
    found = {(place(path), sink): line for path in modules() for sink, line in sinks(path)}

    assert {f"{file}:{line} {sink}" for (file, sink), line in found.items() if (file, sink) not in ALLOWED} == set()
    assert set(ALLOWED) - set(found) == set(), "reasons for what is not there"


@pytest.mark.parametrize(
    ("code", "sink"),
    [
        ("st.markdown(x, unsafe_allow_html=True)", "unsafe_allow_html="),
        ("st.html(x)", "st.html"),
        ("streamlit.components.v1.html(x)", "components.v1"),
        ("eval(x)", "eval"),
        ("from pickle import loads", "pickle"),
        ("import urllib.request", "urllib.request"),
        ("yaml.load(x)", "yaml.load"),
        ("subprocess.run(x, shell=True)", "shell="),
        ("subprocess.run(x, shell=flag)", "shell="),
        ("import xml.dom.minidom", "xml.dom"),
        ("lxml.etree.fromstring(x)", "fromstring"),
        ("XMLParser(resolve_entities=True)", "resolve_entities="),
        ("torch.load(x)", "torch.load"),
        ("np.load(x)", "allow_pickle="),
        ("np.load(x, allow_pickle=True)", "allow_pickle="),
        ("Environment(autoescape=False)", "autoescape="),
    ],
)
def test_a_sink_is_seen(tmp_path: Path, code: str, sink: str) -> None:
    path = tmp_path / "page.py"
    path.write_text(code, encoding="utf-8")

    assert sink in {name for name, _ in sinks(path)}


def test_no_template_calls_a_text_safe_and_no_script_of_ours_writes_markup() -> None:
    templates = [
        path for path in PACKAGE.rglob("*.j2") if re.search(r"\|\s*safe\b|autoescape", path.read_text(encoding="utf-8"))
    ]
    writes = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|setTimeout\(\s*[\"'`]"
    )
    scripts = [path for path in PACKAGE.rglob("*.js") if writes.search(path.read_text(encoding="utf-8"))]

    assert [place(path) for path in (*templates, *scripts)] == []


def test_a_text_from_outside_reaches_a_label_only_as_literal_text() -> None:
    found = {
        (place(path), label): line for path in sorted((PACKAGE / "ui").rglob("*.py")) for line, label in Module(path).foreign()
    }

    assert {f"{file}:{line} {label}" for (file, label), line in found.items() if (file, label) not in OUR_LABELS} == set()
    assert set(OUR_LABELS) - set(found) == set(), "reasons for what is not there"


@pytest.mark.parametrize(
    "code",
    [
        "def page(claim): st.caption(claim.statement)",
        "def page(claim): st.button(f'Open {claim.statement}', help='x')",
        "def page(claim): st.button('Open', help=claim.statement)",
        "def page(claims): st.radio('Which', claims)",
        "def page(claim):\n    name = claim.name\n    st.expander(name)",
        "def page(claim): said(claim.name)\ndef said(words): st.info(words)",
        "def page(claim): st.info(told(claim))\ndef told(claim): return claim.name",
    ],
)
def test_a_foreign_label_is_seen(tmp_path: Path, code: str) -> None:
    path = tmp_path / "page.py"
    path.write_text(code, encoding="utf-8")

    assert list(Module(path).foreign())


def test_what_is_our_own_or_made_literal_is_no_foreign_label(tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text("def page(claim): said(f'Open {show.literal(claim.name)}, {claim.n:,}')\ndef said(words): st.info(words)")

    assert list(Module(path).foreign()) == []
