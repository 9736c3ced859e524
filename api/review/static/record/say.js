// What is said to the person: in passing (also to screen readers), or as a notice that stays until it is put away.

const said = document.getElementById("said");
const notice = document.getElementById("notice");
let fading = 0;

/** Something went well. */
export function say(text) {
  said.textContent = "";
  requestAnimationFrame(() => (said.textContent = text));
  said.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => said.classList.remove("shown"), 2500);
}

/** Something went wrong, or somebody else changed something: what, and what follows of it. */
export function complain(text, details = []) {
  notice.replaceChildren();
  const line = document.createElement("p");
  line.textContent = text;
  notice.append(line);
  for (const detail of details) {
    const more = document.createElement("p");
    more.className = "muted";
    more.textContent = detail;
    notice.append(more);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "quiet";
  close.textContent = "知道了";
  close.addEventListener("click", quiet);
  notice.append(close);
  notice.hidden = false;
}

export function quiet() {
  notice.hidden = true;
  notice.replaceChildren();
}
