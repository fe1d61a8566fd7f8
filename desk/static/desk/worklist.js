// The work list: shortcuts, ticks that survive a new list, the sound, the address of its forms.
(() => {
  const list = document.getElementById("worklist");
  const dialog = document.getElementById("shortcuts");
  const search = document.getElementById("q");
  const needing = () => Number(document.getElementById("needing")?.dataset.needing || 0);
  let ticked = [];
  let before = needing();
  let audio = null;

  // Two short notes, made here: no file to load, and quiet until the page was touched once.
  function sound() {
    audio ??= new AudioContext();
    [660, 880].forEach((pitch, i) => {
      const note = audio.createOscillator();
      const volume = audio.createGain();
      const at = audio.currentTime + i * 0.16;
      note.frequency.value = pitch;
      volume.gain.setValueAtTime(0.15, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.15);
      note.connect(volume).connect(audio.destination);
      note.start(at);
      note.stop(at + 0.16);
    });
    list.dataset.sounded = Number(list.dataset.sounded || 0) + 1;
  }

  // The list is asked for as it is shown now: another filter may have been chosen since.
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "refresh") return;
    const { url, seen } = document.getElementById("needing").dataset;
    const changed = event.detail.triggeringEvent?.type === "desk:changed";
    event.detail.path = changed ? `${url}&seen=${seen}` : url;
  });

  // Of the whole list, or of the live conversations in it alone.
  const isOurs = (event) => list.contains(event.detail.target);

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (!isOurs(event)) return;
    ticked = [...list.querySelectorAll("input[name=request]:checked")].map((one) => one.id);
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (!isOurs(event)) return;
    for (const id of ticked) {
      const box = document.getElementById(id);
      if (box) box.checked = true;
    }
    const data = document.getElementById("needing").dataset;
    document.querySelectorAll("[data-query][name=query]").forEach((one) => (one.value = data.query));
    if (data.sound !== undefined && needing() > before) sound();
    before = needing();
  });

  function step(by) {
    const rows = [...list.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.closest("tr").contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    x: () => document.activeElement.closest("#worklist tr")?.querySelector(".tick input")?.click(),
    "/": () => search?.focus(),
    "?": () => dialog.showModal(),
  };

  // A letter is a shortcut only where it can't be part of something that is being typed.
  const types = (element) =>
    element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === search) search.blur();
    if (dialog.dataset.on === undefined || dialog.open) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (types(event.target) || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  document.getElementById("show-shortcuts")?.addEventListener("click", () => dialog.showModal());
})();
