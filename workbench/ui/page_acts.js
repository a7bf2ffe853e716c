// What a page asks of the browser besides showing it: bring an element into view, move the keyboard's focus, keep a cookie,
// say which language the page is in.
//
// A component of Streamlit's, so that the page's content policy need not let a script stand in the page itself. `data` says what
// to do: { act, token, … }; the same token again does nothing, so that drawing the page anew does not take the reader away.

const FIND_AGAIN = 100; // ms: what is to be shown may be drawn after this
const TIMES = 20;

function whenThere(selector, found, left = TIMES) {
  const it = document.querySelector(selector);
  if (it) found(it);
  else if (left) setTimeout(() => whenThere(selector, found, left - 1), FIND_AGAIN);
}

const pressed = {}; // the button of each key that is listened for
const FIELDS = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  const selector = pressed[event.key];
  const at = event.composedPath()[0];
  if (!selector || event.ctrlKey || event.altKey || event.metaKey || at.closest?.(FIELDS)) return;
  event.preventDefault();
  document.querySelector(selector)?.click();
});

const back = {}; // the button that is pressed when the line is there again, in place of whoever reads the page
const APP = "[data-testid=stApp]";
const LINE = "data-test-connection-state";

whenThere(APP, (app) => {
  let was = app.getAttribute(LINE);
  new MutationObserver(() => {
    const is = app.getAttribute(LINE);
    const isBack = is === "CONNECTED" && was !== is;
    was = is;
    if (isBack && back.selector) whenThere(`${back.selector}:not([disabled])`, (it) => it.click());
  }).observe(app, { attributeFilter: [LINE] });
});

const acts = {
  scroll: ({ selector, block }) => setTimeout(() => whenThere(selector, (it) => it.scrollIntoView({ block })), 60),
  focus: ({ selector }) =>
    setTimeout(() => whenThere(selector, (it) => { it.focus(); it.scrollIntoView({ block: "nearest" }); }), 150),
  press: ({ key, selector }) => { pressed[key] = selector; },
  back: ({ selector }) => { back.selector = selector; },
  language: ({ lang, dir }) => Object.assign(document.documentElement, { lang, dir }),
  cookie: ({ cookie }) => { document.cookie = cookie; },
};

export default function ({ data, parentElement }) {
  const host = parentElement.host ?? parentElement;
  if (host.dataset.done === data.token) return;
  host.dataset.done = data.token;
  acts[data.act](data);
}
