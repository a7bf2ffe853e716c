"""Texts that would run, load or draw something where a page took them for markup: vectors x what stands before them.

Each leaves a mark where it takes effect: a dialog, a request to evil.example, `window.wbx`, an element with `data-wbx`, or the
word `wbxmark` alone in an element (shown as the text it is, it stands among the signs around it). MARKS finds the last three.
"""

from __future__ import annotations

from itertools import product

HTML = (
    "<script>alert(1);wbx=1</script>",
    "<img src=x onerror=alert(1) data-wbx>",
    "<img src=//evil.example/i.png data-wbx>",
    "<svg/onload=alert(1) data-wbx>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>parent.alert(1)</script>' data-wbx></iframe>",
    "<a href=javascript:alert(1) data-wbx>wbxmark</a>",
    "<body onload=alert(1) data-wbx>",
    "<input autofocus onfocus=alert(1) data-wbx>",
    "<details open ontoggle=alert(1) data-wbx>",
    "<video><source onerror=alert(1) data-wbx></video>",
    "<audio src=//evil.example/a.mp3 autoplay data-wbx></audio>",
    "<link rel=stylesheet href=//evil.example/x.css data-wbx>",
    "<style data-wbx>@import '//evil.example/x.css';</style>",
    "<base href=//evil.example/ data-wbx>",
    "<meta http-equiv=refresh content='0;url=//evil.example' data-wbx>",
    "<object data=//evil.example/x data-wbx></object>",
    "<form action=//evil.example data-wbx><button autofocus onfocus=alert(1)>x</button></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1) data-wbx>",
    "<b data-wbx>wbxmark</b>",
    "<div style='position:fixed;inset:0;background:url(//evil.example/b)' data-wbx>wbxmark</div>",
)
MARKDOWN = (
    "**wbxmark**",
    "`wbxmark`",
    "[wbxmark](javascript:alert(1))",
    "![wbxmark](//evil.example/m.png)",
    "<http://evil.example/wbxmark>",
    "# wbxmark\n",
    "> wbxmark\n",
    "$wbxmark$",
    ":red[wbxmark]",
    ":blue-badge[wbxmark]",
    ":material/home:",
    "~~wbxmark~~",
)
OTHER = (
    "';alert(1)//",
    '";alert(1)//',
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "</script><script>alert(1)</script>",
    "\u2028alert(1)//",
)
BEFORE = ("", '">', "'>", "</p></div>", "-->", "</style>", "</textarea>", "]]>")
PAYLOADS = tuple(before + vector for vector, before in product((*HTML, *MARKDOWN, *OTHER), BEFORE))
LONG_WORD = "W" * 10_000
TURNED = "\u202eturned round \u202d and back"  # and nothing closes it

# What a payload left on the page, also behind the walls of a component.
MARKS = """() => {
  const found = window.wbx ? ["window.wbx"] : [];
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.hasAttribute("data-wbx")) found.push(one.outerHTML.slice(0, 120));
      if (/^\\s*(javascript|vbscript|data:text)/i.test(one.getAttribute("href") || "")) found.push(one.outerHTML.slice(0, 120));
      const own = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim());
      if (one.tagName !== "MARK" && own.length === 1 && own[0] === "wbxmark") found.push(one.outerHTML.slice(0, 120));
      if (/[.]katex/.test("." + one.className) && one.textContent.includes("wbxmark")) found.push("a formula");
      if (one.tagName === "IMG" && /evil/.test(one.src)) found.push(one.outerHTML.slice(0, 120));
      if (one.shadowRoot) look(one.shadowRoot);
    }
  };
  look(document);
  return found;
}"""
# How far the page is wider than the window.
WIDER = """() => Math.max(...[document.documentElement, document.querySelector("[data-testid=stMain]")]
  .map((one) => one ? one.scrollWidth : 0)) - innerWidth"""
