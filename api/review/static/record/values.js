// The inputs of values: what Enter, Esc and leaving them do.

import { isDirty, isValue, questionOf } from "./desk.js";
import { send } from "./save.js";
import { say } from "./say.js";
import { countAnswered, countOpen, focus, goBack, goOn } from "./walk.js";
import { pickFirst } from "./picks.js";
import { askReason } from "./settle.js";

const facts = document.getElementById("facts");
let hand = null;

/** The input that was last worked in: what a click on the picture fills. */
export function inHand() {
  return hand && hand.isConnected ? hand : null;
}

/** Saves what stands in an input, also when it is as the machine read it: then a person says that it is right. */
export async function commit(input) {
  const before = input.defaultValue;
  const typed = input.value;
  const question = questionOf(input);
  countAnswered(question);
  input.defaultValue = input.value;
  const { field, row, heading } = input.dataset;
  const change = { field, row: row ? Number(row) : null, text: input.value.trim() };
  const done = await send("PATCH", "/values", { changes: [change] }, { said: `已保存：${heading} ${change.text || "空白"}` });
  if (!done) {
    if (input.defaultValue === typed) input.defaultValue = before;
    input.value = typed; // stays there to be tried again
    input.setAttribute("aria-invalid", "true");
    countOpen(question);
    if (!isValue(document.activeElement) || !isDirty(document.activeElement)) focus(input);
  } else input.removeAttribute("aria-invalid");
  return done;
}

/** What Enter does on a question whose value was not changed. */
export function affirm(question) {
  const input = question.querySelector("input.value");
  if (question.dataset.open !== "yes" || input?.readOnly) goOn(question);
  else if (question.dataset.enter === "confirm" && input) {
    commit(input);
    goOn(question);
  } else if (question.dataset.enter === "choose" && pickFirst(question)) return;
  else if (question.dataset.enter === "pick") focus(question.querySelector(".picks button"));
  else askReason(question);
}

function enter(input, back) {
  const question = questionOf(input);
  if (isDirty(input)) commit(input);
  else if (question && !back && !input.readOnly) return affirm(question);
  if (back) goBack(input);
  else goOn(input);
}

function leave(input) {
  if (isDirty(input)) {
    input.value = input.defaultValue;
    input.removeAttribute("aria-invalid");
    input.select();
    say("已放弃改动");
  } else {
    hand = null;
    const question = questionOf(input);
    if (question) question.focus();
    else input.blur();
  }
}

export function watchValues() {
  facts.addEventListener("focusin", (event) => {
    if (!isValue(event.target)) return;
    hand = event.target;
    if (!isDirty(hand)) hand.select();
  });
  facts.addEventListener("change", (event) => {
    if (isValue(event.target) && isDirty(event.target)) commit(event.target);
  });
  facts.addEventListener("keydown", (event) => {
    if (!isValue(event.target) || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") enter(event.target, event.shiftKey);
    else if (event.key === "Escape") leave(event.target);
    else return;
    event.preventDefault();
  });
}
