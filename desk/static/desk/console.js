// The desk hears that something changed and fetches what it shows; htmx does the fetching.
(() => {
  const url = document.body.dataset.events;
  const offline = document.getElementById("offline");
  const baseTitle = document.title.replace(/^\(\d+\) /, "");
  let stream = null;
  let timer = 0;

  // Who wants to hear a sound wants it most while looking at something else.
  const wantsSound = () => document.getElementById("needing")?.dataset.sound !== undefined;

  // Many changes at once are one fetch. Where many pages show the same, the server says within how
  // much time they should ask, each at its own moment; such a page rests twice as long between two.
  let asked = 0;
  function changed(event) {
    if (timer) return;
    const spread = Number(event.data) || 0;
    const rest = asked + 2 * spread - Date.now();
    timer = setTimeout(() => {
      timer = 0;
      asked = Date.now();
      htmx.trigger(document.body, "desk:changed");
    }, Math.max(100, rest) + Math.random() * (300 + spread));
  }

  function listen() {
    if (!url || stream || (document.hidden && !wantsSound())) return;
    stream = new EventSource(url);
    stream.addEventListener("changed", changed);
    stream.onopen = () => (offline.hidden = true);
    stream.onerror = () => {
      offline.hidden = false;
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(listen, 5000);
      }
    };
  }

  // A browser opens six lines to one server: a hidden tab gives its line back, and asks
  // once a minute (hx-trigger) so that its title stays true.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return listen();
    if (wantsSound()) return;
    stream?.close();
    stream = null;
  });
  window.addEventListener("pagehide", () => stream?.close());
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    stream = null;
    listen();
  });

  function keepEnd(root) {
    const selector = root.closest?.("[data-keep-end]")?.dataset.keepEnd;
    const thread = selector && root.querySelector(selector);
    if (thread) thread.scrollTop = thread.scrollHeight;
  }

  // "Is typing" is true for some seconds; then it goes without asking anybody.
  function fade(root) {
    for (const sign of root.querySelectorAll("[data-fades]")) {
      setTimeout(() => (sign.hidden = true), Number(sign.dataset.fades));
    }
  }

  // The person sees that a counsellor is typing: said again every four seconds, no text with it.
  let saidTyping = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-typing]");
    if (!form || !event.target.value.trim() || Date.now() - saidTyping < 4000) return;
    saidTyping = Date.now();
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    fetch(form.dataset.typing, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
  });

  // The log-in has ended, and the answer says where to go: not away from what somebody has typed.
  const ended = document.getElementById("ended");
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    const boxes = [...document.querySelectorAll("main textarea:not([readonly])")];
    if (boxes.every((box) => box.value === box.defaultValue)) return;
    event.preventDefault();
    ended.hidden = false;
  });

  let open = [];
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    open = [...event.detail.target.querySelectorAll("details")].map((one) => one.open);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    [...target.querySelectorAll("details")].forEach((one, i) => i in open && (one.open = open[i]));
    keepEnd(target);
    fade(target);
    const needing = document.getElementById("needing")?.dataset;
    if (needing) {
      const number = needing.badge !== undefined && needing.needing > 0 ? `(${needing.needing}) ` : "";
      document.title = number + baseTitle;
    }
    if (event.detail.elt?.id === "write") document.querySelector("#write textarea")?.focus();
  });

  // The menu goes when something else is wanted, and gives the focus back to its button.
  const menu = document.querySelector(".nav-menu");
  document.addEventListener("click", (event) => {
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  menu?.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.closest("form")?.requestSubmit();
    }
  });

  document.querySelectorAll("[data-keep-end]").forEach(keepEnd);
  fade(document);
  listen();
})();
