// What somebody selects on the page, as offsets into the text of its source, and the bar that cites it.
//
// Elements with data-start hold a stretch of a source's text, data-source names the source. Offsets are code points, as the
// server counts; nothing here is trusted there: it compares the words with its own. Text is set with textContent only.

const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const codePoints = (text) => Array.from(text).length;
const TAKES_ENTER = "input, textarea, select, button, a, summary, [contenteditable], [role=button], [role=tab], [role=combobox]";
const bars = new WeakMap(); // the place of a bar on the page -> how to take it away again

function wordEdge(text, at, outwards) {
  if (at <= 0 || at >= text.length) return at;
  const part = WORDS.segment(text).containing(at);
  return part.index === at ? at : part.index + (outwards > 0 ? part.segment.length : 0);
}

function clipped(element, range) {
  const inside = document.createRange();
  inside.selectNodeContents(element);
  const before = inside.cloneRange();
  if (range.compareBoundaryPoints(Range.START_TO_START, inside) > 0) inside.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, inside) < 0) inside.setEnd(range.endContainer, range.endOffset);
  before.setEnd(inside.startContainer, inside.startOffset);
  const text = element.textContent;
  let from = before.toString().length;
  let to = from + inside.toString().length;
  while (from < to && /\s/.test(text[from])) from += 1;
  while (from < to && /\s/.test(text[to - 1])) to -= 1;
  return { element, text, from, to };
}

// The selected words, whole ones only; null where nothing of one source is selected.
function chosenWords() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const parts = Array.from(document.querySelectorAll("[data-start]"))
    .filter((element) => range.intersectsNode(element))
    .map((element) => clipped(element, range))
    .filter((part) => part.from < part.to);
  const sheets = new Set(parts.map((part) => part.element.closest("[data-source]")));
  if (sheets.size !== 1) return null;
  const first = parts[0];
  const last = parts[parts.length - 1];
  first.from = wordEdge(first.text, first.from, -1);
  last.to = wordEdge(last.text, last.to, +1);
  return {
    source: first.element.closest("[data-source]").dataset.source,
    start: Number(first.element.dataset.start) + codePoints(first.text.slice(0, first.from)),
    end: Number(last.element.dataset.start) + codePoints(last.text.slice(0, last.to)),
    words: parts.map((part) => part.text.slice(part.from, part.to)).join("\n\n"),
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  bars.get(parentElement)?.();
  const find = (css) => parentElement.querySelector(css);
  const [bar, words, note, buttons] = [".bar", ".words", ".note", ".buttons"].map(find);
  bar.setAttribute("aria-label", data.label);
  let chosen = null;
  let offered = null; // the group whose buttons are drawn

  const refresh = () => {
    chosen = chosenWords();
    const group = chosen && Object.hasOwn(data.groups, chosen.source) ? data.groups[chosen.source] : data.groups[""];
    if (group !== offered) offer(group);
    bar.hidden = chosen === null || !(group.note || group.actions.length);
    words.textContent = chosen ? chosen.words : "";
  };
  const press = (action) => {
    if (chosen) setTriggerValue("chosen", { ...chosen, action });
    document.getSelection().removeAllRanges();
  };
  const keys = (event) => {
    if (bar.hidden) return;
    if (event.key === "Escape") document.getSelection().removeAllRanges();
    const busy = parentElement.activeElement || document.activeElement?.closest(TAKES_ENTER);
    if (event.key === "Enter" && !busy) {
      find("button")?.focus();
      event.preventDefault();
    }
  };
  const offer = (group) => {
    offered = group;
    note.textContent = group.note;
    buttons.replaceChildren(
      ...group.actions.map(([action, label]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
        button.addEventListener("click", () => press(action));
        return button;
      }),
    );
  };
  const dragging = (event) => bar.classList.toggle("dragging", event.type === "pointerdown" && !event.composedPath().includes(bar));
  const watched = [["selectionchange", refresh], ["keydown", keys], ["pointerdown", dragging], ["pointerup", dragging]];
  watched.forEach(([name, does]) => document.addEventListener(name, does));
  const away = () => watched.forEach(([name, does]) => document.removeEventListener(name, does));
  bars.set(parentElement, away);
  refresh();
  return away;
}
