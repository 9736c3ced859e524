// Decisions: accepted, returned, rejected, taken back. After one the next record of the queue opens.

import { record } from "./desk.js";
import { send } from "./save.js";
import { complain, say } from "./say.js";
import { goToFirst, openQuestions } from "./walk.js";

const dialog = document.getElementById("decide");
const reason = document.getElementById("decide-reason");
const NAMES = { back: "退回上一级", return: "退回学校", reject: "不予受理", reopen: "重新打开" };
let asked = "";

function leave() {
  location.assign(record.next || record.list);
}

export async function accept() {
  const button = document.getElementById("accept");
  if (!button) return;
  const active = document.activeElement;
  if (active instanceof HTMLInputElement) active.blur(); // saves what was being typed, ahead of the decision
  if (button.getAttribute("aria-disabled") === "true") {
    say(document.getElementById("why-accept").textContent);
    if (openQuestions().length) goToFirst();
    return;
  }
  if (await send("POST", "/decide", { action: "accept", reason: "" }, { stay: false })) leave();
}

/** Asks for the reason of a return, a rejection and the like. A return begins with what is still open. */
export function ask(action) {
  const button = document.querySelector(`#actions [data-do="${action}"]`);
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") return complain(button.dataset.why);
  asked = action;
  dialog.querySelector("button[value=reply]").hidden = action !== "return";
  document.getElementById("h-decide").textContent = NAMES[action];
  reason.value = action === "return" ? openFindings() : "";
  dialog.showModal();
  reason.focus();
}

function openFindings() {
  const said = openQuestions().flatMap((question) =>
    [...question.querySelectorAll(".messages p:not(:has(.answer))")].map((line) => line.textContent.trim()),
  );
  return said.map((line, at) => `${at + 1}. ${line}`).join("\n").slice(0, reason.maxLength);
}

const draftReply = () => location.assign(`/records/${record.id}/reply`);

async function decided(then = leave) {
  const text = reason.value.trim();
  const stay = asked === "reopen";
  if (await send("POST", "/decide", { action: asked, reason: text }, { said: `已${NAMES[asked]}`, stay })) {
    if (!stay) then();
  }
}

export function undo(number = null) {
  return send("POST", "/undo", { number }, { said: "已撤销" });
}

export function watchDecision() {
  dialog.addEventListener("close", () => {
    const reply = dialog.returnValue === "reply";
    if ((reply || dialog.returnValue === "yes") && reason.value.trim()) decided(reply ? draftReply : leave);
    dialog.returnValue = "";
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    dialog.querySelector("button[value=yes]").click();
  });
}
