// What comes in while mails are being read. Counts follow quietly; the list itself is changed only while nobody is at
// it, else a line says what there is to see.
const WAIT = 1500;

export function news(idle) {
  if (!("EventSource" in window)) return;
  const said = document.getElementById("news");
  let first = null;
  let timer = 0;
  let source = null;

  function open() {
    source = new EventSource("/api/events");
    source.addEventListener("progress", (event) => tell(JSON.parse(event.data)));
  }

  function tell(now) {
    if (now.waiting !== null) {
      for (const shown of document.querySelectorAll("[data-waiting]")) shown.textContent = now.waiting;
      const waiting = document.getElementById("waiting");
      if (waiting) waiting.hidden = now.waiting === 0;
    }
    if (first === null) {
      first = now;
      return;
    }
    if (now.records === first.records && now.changed === first.changed) return;
    clearTimeout(timer);
    timer = setTimeout(() => (idle() ? refresh(now) : offer(now)), WAIT);
  }

  function offer(now) {
    if (!said) return;
    const more = now.records - first.records;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "显示（R）";
    said.replaceChildren(more > 0 ? `新到 ${more} 件材料。` : "材料有更新。", link);
    said.hidden = false;
  }

  // The same page again; what is chosen, written or unfolded stays.
  async function refresh(now) {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || !idle()) return offer(now);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!document.getElementById("list")) {
      if (fresh.getElementById("list")) location.reload();
      return;
    }
    first = now;
    said.hidden = true;
    for (const place of ["#list tbody", "#list .bar", ".tabs"]) swap(place, fresh);
    for (const facet of fresh.querySelectorAll(".facet")) {
      const here = document.querySelector(`.facet[data-facet="${facet.dataset.facet}"]`);
      if (!here || here.contains(document.activeElement)) continue;
      facet.open = here.open;
      here.replaceWith(facet);
    }
  }

  function swap(place, fresh) {
    const here = document.querySelector(place);
    const there = fresh.querySelector(place);
    if (here && there) here.replaceWith(there);
    else if (!here !== !there) location.reload();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) open();
  });
  window.addEventListener("pagehide", () => source?.close());
  if (!document.hidden) open();
}
