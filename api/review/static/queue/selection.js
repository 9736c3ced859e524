// Which rows are ticked, and which one the keys are at. The place is kept while the list is shown anew.
const NONE = -1;

export function selection(list) {
  let at = NONE;
  const rows = () => [...list.querySelectorAll("tbody tr")];
  const box = (row) => row.querySelector("input[name=id]");
  const every = () => list.querySelector("#every");
  const said = document.getElementById("picked");

  function ticked() {
    return rows().filter((row) => box(row).checked);
  }

  function show() {
    const chosen = ticked();
    const ready = chosen.filter((row) => row.dataset.lane === "ready" && row.dataset.state === "review").length;
    for (const row of rows()) row.classList.toggle("picked", box(row).checked);
    if (every()) {
      every().checked = chosen.length > 0 && chosen.length === rows().length;
      every().indeterminate = chosen.length > 0 && chosen.length < rows().length;
    }
    if (said) said.textContent = chosen.length ? `已选 ${chosen.length} 件，其中可通过 ${ready} 件` : "";
  }

  function go(place) {
    const all = rows();
    if (!all.length) return;
    const to = Math.max(0, Math.min(place, all.length - 1));
    all[at]?.classList.remove("at");
    at = to;
    all[at].classList.add("at");
    all[at].querySelector("a.whole").focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "nearest" });
  }

  function tick(row, on = !box(row).checked) {
    box(row).checked = on;
    show();
  }

  list.addEventListener("change", (event) => {
    if (event.target.id === "every") for (const row of rows()) box(row).checked = event.target.checked;
    show();
  });
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest("tbody tr");
    const place = row ? rows().indexOf(row) : NONE;
    if (place === at) return;
    rows()[at]?.classList.remove("at");
    at = place;
    row?.classList.add("at");
  });
  if (every()) every().hidden = false;
  show();

  return {
    count: () => ticked().length,
    ticked,
    active: () => at !== NONE && list.contains(document.activeElement),
    current: () => rows()[at],
    move: (step) => go(at === NONE ? (step > 0 ? 0 : rows().length - 1) : at + step),
    first: () => go(0),
    last: () => go(rows().length - 1),
    toggle: () => rows()[at] && tick(rows()[at]),
    pick: (row) => tick(row, true),
    all: () => {
      const on = ticked().length < rows().length;
      for (const row of rows()) box(row).checked = on;
      show();
    },
    clear: () => {
      for (const row of rows()) box(row).checked = false;
      show();
    },
  };
}
