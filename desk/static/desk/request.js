// The page of one request: who is looking, what is put into the answer, how long it can be undone.
(() => {
  const LOOKING_EVERY_MS = 10000;
  const presence = document.getElementById("presence");

  // Who is looking: while the page is in front, it says so; closed or hidden, it takes it back.
  function look() {
    if (presence && !document.hidden) htmx.trigger(presence, "desk:looking");
  }
  function leave() {
    if (presence) navigator.sendBeacon(presence.dataset.leave, new FormData(presence));
  }
  setInterval(look, LOOKING_EVERY_MS);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : look()));
  window.addEventListener("pagehide", leave);

  // A canned answer, a programme's facts, or an answer of before goes where the cursor is, in both languages.
  function put(box, text) {
    if (!box || !text) return;
    // A box that nobody has been in has its cursor at the beginning: it is put at the end.
    const last = box.value.length;
    const [from, to] = box.dataset.used ? [box.selectionStart, box.selectionEnd] : [last, last];
    const before = box.value.slice(0, from);
    const after = box.value.slice(to);
    const gap = before && !before.endsWith("\n") ? "\n\n" : "";
    box.value = before + gap + text + (after && !after.startsWith("\n") ? "\n\n" : "") + after;
    const end = (before + gap + text).length;
    box.setSelectionRange(end, end);
  }
  async function insert(button) {
    const chosen = button.dataset.value || document.getElementById(button.dataset.from).value;
    if (!chosen) return;
    const url = new URL(button.closest("[data-insert]").dataset.insert, location.href);
    url.searchParams.set(button.dataset.name, chosen);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    document.getElementById("insert-hint").textContent = found.hint;
    put(document.getElementById("id_text"), found.text);
    put(document.getElementById("id_source"), found.source);
    htmx.trigger("#compose", "desk:keep");
  }

  document.addEventListener("click", (event) => {
    const from = event.target.closest("[data-from], [data-value]");
    if (from) insert(from);
    const read = event.target.closest("[data-seen]");
    if (read) {
      const seen = document.getElementById("seen");
      if (seen) seen.value = read.dataset.seen;
      document.getElementById("arrived").replaceChildren();
    }
  });

  // While the server makes the composer anew, nothing is typed into it or kept from it: what was
  // typed meanwhile would be lost, and an older text kept would take the new one's place.
  let renewing = false;
  function renew(on) {
    renewing = on;
    document.querySelectorAll("#compose textarea").forEach((box) => (box.readOnly = on));
  }
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const from = event.detail.elt;
    if (from.id === "compose" && renewing) event.preventDefault();
    if (!from.matches("[data-renews]")) return;
    htmx.trigger("#compose", "htmx:abort");
    renew(true);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const from = event.detail.requestConfig.elt;
    if (from.matches("[data-renews]") && !event.detail.successful) renew(false);
  });
  // The new composer hears what is typed only once htmx has settled it.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "composer") renew(false);
  });

  // How many seconds are left to undo; then the page asks what became of the message.
  function count() {
    const undo = document.querySelector("[data-seconds]");
    if (!undo) return;
    // Not the time of day: the clock of an office's computer may be wrong by more than this.
    undo.ends ??= performance.now() + 1000 * undo.dataset.seconds;
    const left = Math.ceil((undo.ends - performance.now()) / 1000);
    undo.querySelector("[data-left]").textContent = left > 0 ? `${left} s` : "";
    if (left > 0) return;
    undo.remove();
    htmx.trigger(document.body, "desk:changed");
  }
  setInterval(count, 500);
  count();

  // A phone that is put away between two keystrokes loses nothing.
  window.addEventListener("pagehide", () => {
    const form = document.getElementById("compose");
    if (form && form.dataset.dirty) navigator.sendBeacon(form.getAttribute("hx-post"), new FormData(form));
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("#compose textarea")) event.target.dataset.used = "1";
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("#compose");
    if (form) form.dataset.dirty = "1";
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id === "compose") delete event.target.dataset.dirty;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id === "compose" && event.detail.successful) delete event.detail.elt.dataset.dirty;
  });
})();
