// Findings that are confirmed: a reason in a few keys, then on to the next question.

import { questionOf } from "./desk.js";
import { send } from "./save.js";
import { entry, focus, goOn } from "./walk.js";

const facts = document.getElementById("facts");

/** Opens the line where the reason is given. */
export function askReason(question) {
  const form = question && question.querySelector("form.reason");
  if (!form) return goOn(question);
  form.hidden = false;
  question.querySelector("[data-do=reason]").setAttribute("aria-expanded", "true");
  focus(form.elements.reason);
}

function putAway(form) {
  const question = questionOf(form);
  form.hidden = true;
  form.elements.reason.value = "";
  question.querySelector("[data-do=reason]").setAttribute("aria-expanded", "false");
  focus(entry(question));
}

async function settle(form) {
  const question = questionOf(form);
  const reason = form.elements.reason.value.trim();
  if (!reason) return focus(form.elements.reason);
  question.dataset.busy = "yes";
  goOn(question);
  let done = true;
  for (const place of form.dataset.findings.trim().split(/\s+/)) {
    done = (await send("POST", `/findings/${place}/settle`, { reason }, { said: `已确认：${question.getAttribute("aria-label")}` })) && done;
  }
  if (!done) delete question.dataset.busy;
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
