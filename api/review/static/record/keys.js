// Which key calls which command. With Alt everywhere; alone only where nothing is being typed.

import { isDirty, isTyping, isValue, questionOf } from "./desk.js";
import { commands } from "./commands.js";
import { singleKeys } from "./panels.js";
import { affirm } from "./values.js";

const LETTERS = {
  KeyT: "return", KeyJ: "reject", KeyU: "back", KeyO: "reopen", KeyK: "reason", KeyQ: "first",
  KeyB: "boxes", KeyN: "next", KeyP: "before", KeyM: "related", KeyH: "history",
};
const WITH_ALT = { ...LETTERS, Insert: "row-add", Delete: "row-remove" };
const ALONE = {
  "?": "help", "？": "help", "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "fit", "[": "turn-left", "]": "turn-right",
};

function wanted(event) {
  const typing = isTyping(event.target);
  if (event.key === "F1") return "help";
  if (event.key === "PageUp" || event.key === "PageDown") {
    return event.target.matches("textarea, select") ? "" : { PageUp: "page-before", PageDown: "page-after" }[event.key];
  }
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter") return "accept";
    const free = !typing || (isValue(event.target) && !isDirty(event.target));
    return event.code === "KeyZ" && !event.shiftKey && free ? "undo" : "";
  }
  if (event.altKey) return WITH_ALT[event.code] || "";
  if (typing || !singleKeys()) return "";
  return ALONE[event.key] || (event.shiftKey ? "" : LETTERS[event.code]) || "";
}

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const command = wanted(event);
    if (command) {
      event.preventDefault();
      commands[command](event.target);
    } else if (event.key === "Enter" && event.target === questionOf(event.target)) {
      event.preventDefault();
      affirm(event.target);
    }
  });
}
