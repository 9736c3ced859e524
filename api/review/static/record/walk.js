// The walk through what is asked: from one open question to the next, and at the end to the decision.

import { calm, questionOf } from "./desk.js";
import { isIdle } from "./save.js";

const answered = new Set(); // questions that the page still shows as open, while their answers are on the way

export function openQuestions() {
  return [...document.querySelectorAll("#questions > [data-open=yes]")].filter((question) => !answered.has(question.id));
}

/** The question counts as answered from now on, until the server has said what became of it. */
export function countAnswered(question) {
  if (question) answered.add(question.id);
}

/** The answer was refused: it is open as before. */
export function countOpen(question) {
  if (question) answered.delete(question.id);
}

export function watchWalk() {
  document.addEventListener("desk:refreshed", () => isIdle() && answered.clear());
}

/** Where the work on a question begins: its input, else the question itself, where figures pick. */
export function entry(question) {
  return question.querySelector("input.value") || question;
}

export function enter(question) {
  focus(entry(question));
  question.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
}

export function focus(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
  if (element instanceof HTMLInputElement) element.select();
}

/** The question after the one that holds `from`, going round; the decision when none is left. */
export function goOn(from = document.activeElement) {
  const asked = openQuestions();
  const here = questionOf(from);
  const others = asked.filter((question) => question !== here);
  if (!others.length && !(asked.length && !here)) return goToDecision();
  const after = others.find((question) => here && here.compareDocumentPosition(question) & Node.DOCUMENT_POSITION_FOLLOWING);
  enter(after || others[0] || asked[0]);
}

export function goBack(from = document.activeElement) {
  const here = questionOf(from);
  const others = openQuestions().filter((question) => question !== here);
  const before = others.filter((question) => here && here.compareDocumentPosition(question) & Node.DOCUMENT_POSITION_PRECEDING);
  const wanted = before.at(-1) || others.at(-1);
  if (wanted) enter(wanted);
}

export function goToFirst() {
  const first = openQuestions()[0];
  if (first) enter(first);
  else goToDecision();
}

function goToDecision() {
  const button = document.querySelector("#actions button");
  if (button) focus(button);
}
