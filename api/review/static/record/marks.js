// Seals and signatures: what a person says of them.

import { send } from "./save.js";

export function watchMarks() {
  document.getElementById("facts").addEventListener("change", (event) => {
    const { seal, signature } = event.target.dataset;
    const word = event.target.selectedOptions?.[0]?.textContent;
    if (seal) send("POST", "/marks", { seal: Number(seal), owner: event.target.value }, { said: `印章 ${seal}：${word}` });
    if (signature) send("POST", "/marks", { signature: Number(signature), state: event.target.value }, { said: `签字 ${signature}：${word}` });
  });
}
