// Who opens a record holds it while the page is open; another one is told and may look, or take it over knowingly.
// The document hears a `lock` event, whose detail tells `mine` and `shown`, when the record comes into this hand or
// leaves it. `lock.html` brings the bar and this module along.
function lock(bar) {
  const path = `/api/records/${encodeURIComponent(bar.dataset.record)}/hold`;
  let had = false;
  let timer = 0;
  let ended = false;

  async function beat(takeOver = false) {
    clearTimeout(timer);
    if (ended) return;
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ take_over: takeOver }),
    }).catch(() => null);
    if (answer && [401, 403, 404].includes(answer.status)) return; // who may not work on it needs no lock
    const held = answer?.ok ? await answer.json() : null;
    if (held) tell(held);
    timer = setTimeout(beat, (held?.beat ?? 20) * 1000);
  }

  function tell(held) {
    const lost = had && !held.mine;
    bar.hidden = held.mine;
    if (!held.mine) bar.querySelector("p").textContent = lost ? `${held.shown}已接手此件，请先与对方商量再修改` : `${held.shown}正在审核此件`;
    if (had !== held.mine) document.dispatchEvent(new CustomEvent("lock", { detail: held }));
    had = held.mine;
  }

  bar.addEventListener("click", (event) => {
    const wish = event.target.closest("[data-lock]")?.dataset.lock;
    if (wish === "take") beat(true);
    if (wish === "look") bar.querySelector("[data-lock=look]").hidden = true;
  });
  document.addEventListener("visibilitychange", () => document.hidden || beat());
  window.addEventListener("pagehide", () => {
    ended = true;
    if (had) fetch(path, { method: "DELETE", keepalive: true });
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    ended = false;
    beat();
  });
  beat();
}

const bar = document.getElementById("lock");
if (bar) lock(bar);
