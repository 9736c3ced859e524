// Every command by its name: what buttons (`data-do`) and keys call.

import { questionOf, record } from "./desk.js";
import { accept, ask, undo } from "./decide.js";
import { addRow, removeRow } from "./grid.js";
import { showHelp, showRelated, toggleHistory } from "./panels.js";
import { askReason } from "./settle.js";
import { affirm } from "./values.js";
import { fit, toggleBoxes, turn, turnPage, zoom } from "./viewer.js";
import { goToFirst } from "./walk.js";

const go = (address) => address && location.assign(address);

export const commands = {
  accept: () => accept(),
  return: () => ask("return"),
  reject: () => ask("reject"),
  back: () => ask("back"),
  reopen: () => ask("reopen"),
  undo: (source) => undo(source?.dataset?.number ? Number(source.dataset.number) : null),
  confirm: (source) => affirm(questionOf(source)),
  reason: (source) => askReason(questionOf(source)),
  first: () => goToFirst(),
  "row-add": () => addRow(),
  "row-remove": () => removeRow(),
  boxes: () => toggleBoxes(),
  "zoom-in": () => zoom(1.4),
  "zoom-out": () => zoom(1 / 1.4),
  fit: () => fit(),
  "turn-left": () => turn(-90),
  "turn-right": () => turn(90),
  "page-before": () => turnPage(-1),
  "page-after": () => turnPage(1),
  before: () => go(record.before),
  next: () => go(record.after),
  related: () => showRelated(),
  history: () => toggleHistory(),
  help: () => showHelp(),
};

export function watchCommands() {
  document.addEventListener("click", (event) => {
    const source = event.target instanceof Element ? event.target.closest("[data-do]") : null;
    if (source) commands[source.dataset.do](source);
  });
}
