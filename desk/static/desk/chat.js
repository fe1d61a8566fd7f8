// The chat page. Without this script the page still sends and shows messages, by plain forms.
import { Outbox } from "./chat-outbox.js";
import { Log } from "./chat-log.js";
import { post } from "./chat-post.js";

const composer = document.getElementById("composer");
const box = document.getElementById("text");
const status = document.getElementById("status");
const words = composer.dataset;

const log = new Log(words);
const outbox = new Outbox(words, log, say);

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

// --- reading -----------------------------------------------------------------------------------

let fetching = false;
let again = false;

async function fetchNew() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const answer = await fetch(`${words.messages}?after=${log.lastId()}`, {
      headers: { "X-Requested-With": "fetch" },
    });
    if (!answer.ok) return;
    const counsellor = answer.headers.get("X-Counsellor");
    log.counsellor(Boolean(counsellor));
    log.add(await answer.text());
    if (counsellor) log.counsellorTypes(counsellor === "typing");
    await reportArrived();
    // Only what is no longer true goes; why a text was refused stays until the next one is sent.
    if (status.textContent === words.offline && !outbox.troubled) say("");
  } catch {
    if (!navigator.onLine) say(words.offline);
  } finally {
    fetching = false;
    if (again) {
      again = false;
      fetchNew();
    }
  }
}

async function reportArrived() {
  const ids = log.newIds();
  if (!ids.length) return;
  const answer = await post(words.arrived, { shown: ids.join(",") });
  if (answer.ok) log.known(ids);
}

let stream = null;

function listen() {
  if (stream || document.hidden) return;
  stream = new EventSource(words.events);
  stream.addEventListener("changed", fetchNew);
  stream.onerror = () => {
    // A refused stream does not come back by itself; a broken line does.
    if (stream && stream.readyState === EventSource.CLOSED) {
      stream = null;
      setTimeout(listen, 5000);
    }
  };
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else {
    listen();
    fetchNew();
    outbox.flush();
  }
});
// Where event streams are blocked, messages come a little later.
setInterval(() => document.hidden || fetchNew(), 20000);
window.addEventListener("online", () => {
  say(words.back);
  outbox.flush();
  fetchNew();
});
window.addEventListener("offline", () => say(words.offline));

// --- writing -----------------------------------------------------------------------------------

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const pressed = event.submitter?.name ? event.submitter : null;
  if (pressed) {
    const byKeyboard = document.activeElement === pressed;
    const label = pressed.textContent.trim();
    outbox.add(pressed.name === "button" ? { button: pressed.value, label } : { text: label });
    // The pressed button goes away; without this a keyboard would start at the top again.
    if (byKeyboard && !matchMedia("(pointer: coarse)").matches) box.focus();
    return;
  }
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  box.focus();
  outbox.add({ text });
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit(composer.querySelector(".send"));
  }
});

// A counsellor who is here sees that the person is typing; what is typed stays here until sent.
let saidTyping = 0;

box.addEventListener("input", () => {
  if (!box.value.trim() || !log.counsellorIsHere() || Date.now() - saidTyping < 4000) return;
  saidTyping = Date.now();
  post(words.types, {}).catch(() => {});
});

document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".languages[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

async function begin() {
  log.toEnd();
  outbox.restore();
  if (words.start) await post(words.start, { country: words.country }).catch(() => {});
  listen();
  await reportArrived().catch(() => {});
  outbox.flush();
}

begin();
