// One key for each thing; none of them while somebody writes, and none that a browser or a screen reader needs.
const WRITING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

export function keys(list, picked) {
  const help = document.getElementById("help");
  const press = (selector) => document.querySelector(selector)?.click();

  function accept() {
    if (!picked) return;
    if (!picked.count() && picked.current()) picked.pick(picked.current());
    if (picked.count()) press("[data-do=accept]");
  }

  function mine() {
    if (!picked) return;
    if (!picked.count() && picked.current()) picked.pick(picked.current());
    const to = list.querySelector("select[name=to]");
    if (to) to.value = to.options[0].value;
    if (picked.count()) (list.querySelector("button[formaction*='/queue/assign'][value]:not([value=''])") ?? list.querySelector("button[formaction*='/queue/assign']"))?.click();
  }

  const DO = {
    j: () => picked?.move(1),
    ArrowDown: () => picked?.move(1),
    k: () => picked?.move(-1),
    ArrowUp: () => picked?.move(-1),
    x: () => picked?.toggle(),
    "*": () => picked?.all(),
    a: accept,
    A: () => press("[data-do=accept-all]"),
    n: () => press("button[formaction^='/queue/next']"),
    t: mine,
    u: () => press("#batch form button"),
    r: () => press("#news a"),
    "/": () => document.querySelector("input[type=search]")?.select(),
    "?": () => help?.showModal(),
    Enter: () => picked?.current()?.querySelector("a.whole").click(),
    Escape: () => {
      document.querySelector("details.menu[open]")?.removeAttribute("open");
      picked?.clear();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || help?.open) return;
    const on = event.target instanceof Element ? event.target : document.body;
    if (on.matches(WRITING)) {
      if (event.key === "Escape") on.blur();
      return;
    }
    if (event.key === "Enter" && on.closest("a, button, summary, input")) return; // they know it themselves
    const key = event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
    const todo = DO[key];
    if (!todo) return;
    event.preventDefault();
    todo();
  });

  const button = document.querySelector("[data-do=help]");
  if (button && help) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
}
