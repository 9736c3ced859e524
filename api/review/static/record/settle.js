// Findings that are confirmed: a reason in a few keys, then on to the next question.

import { questionOf } from "./desk.js";
import { keepAsItIs } from "./refresh.js";
import { findingPath, send } from "./save.js";
import { countAnswered, countOpen, entry, focus, goOn } from "./walk.js";

const facts = document.getElementById("facts");

/** Opens the line where the reason is given. */
export function askReason(question) {
  const form = question && question.querySelector("form.reason");
  if (!form) return goOn(question);
  form.hidden = false;
  keepAsItIs(form, true);
  question.querySelector("[data-do=reason]").setAttribute("aria-expanded", "true");
  focus(form.elements.reason);
}

function putAway(form) {
  const question = questionOf(form);
  form.hidden = true;
  keepAsItIs(form, false);
  form.elements.reason.value = "";
  question.querySelector("[data-do=reason]").setAttribute("aria-expanded", "false");
  focus(entry(question));
}

async function settle(form) {
  const question = questionOf(form);
  const reason = form.elements.reason.value.trim();
  if (!reason) return focus(form.elements.reason);
  countAnswered(question);
  keepAsItIs(form, false);
  goOn(question);
  let done = true;
  for (const finding of JSON.parse(form.dataset.findings)) {
    const said = `已确认：${question.getAttribute("aria-label")}`;
    done = (await send("POST", findingPath(finding, "settle"), { reason }, { said })) && done;
  }
  if (!done) countOpen(question);
}

export function watchReasons() {
  facts.addEventListener("submit", (event) => {
    if (!event.target.matches("form.reason")) return;
    event.preventDefault();
    settle(event.target);
  });
  facts.addEventListener("click", (event) => {
    const ready = event.target.closest("[data-reason]");
    if (!ready) return;
    const form = ready.closest("form");
    form.elements.reason.value = ready.dataset.reason;
    settle(form);
  });
  facts.addEventListener("keydown", (event) => {
    const form = event.target.closest("form.reason");
    if (!form || event.isComposing) return;
    const number = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const ready = number && !form.elements.reason.value && form.querySelector(`[data-number="${number}"]`);
    if (event.key === "Escape") putAway(form);
    else if (ready) ready.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
