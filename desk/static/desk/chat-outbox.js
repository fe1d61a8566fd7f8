// What the person sent and the server has not confirmed yet. It is kept in sessionStorage: it
// survives a reload, and is gone when the tab is closed, since phones are shared.
import { post } from "./chat-post.js";

const KEPT = "chat.outbox";
const PAUSES_S = [1, 2, 4, 8, 15];

export class Outbox {
  constructor(words, log, say) {
    Object.assign(this, { words, log, say });
    this.entries = [];
    this.failures = 0;
    this.busy = false;
    this.timer = 0;
  }

  get troubled() {
    return this.failures > 0;
  }

  restore() {
    try {
      this.entries = JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
    } catch {
      this.entries = [];
    }
    for (const entry of this.entries) this.log.addPending(entry);
  }

  keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(this.entries));
    } catch {
      // Storage is full or forbidden: the entries still live as long as the page.
    }
  }

  add(entry) {
    const made = { ...entry, id: makeId() };
    this.entries.push(made);
    this.keep();
    this.log.addPending(made);
    this.flush();
  }

  // In order, one at a time; the first that fails holds the others back and is tried again.
  async flush() {
    if (this.busy) return;
    clearTimeout(this.timer);
    this.busy = true;
    while (this.entries.length && (await this.sendFirst()));
    this.busy = false;
  }

  async sendFirst() {
    const entry = this.entries[0];
    this.log.fate(entry.id, this.words.sending, null);
    let answer = null;
    try {
      const { text = "", button = "" } = entry;
      answer = await post(document.getElementById("composer").action, {
        client_id: entry.id,
        ...(button ? { button } : { text }),
      });
    } catch {
      return this.later(entry, navigator.onLine ? "" : this.words.offline);
    }
    if (answer.status === 429 || answer.status >= 500) {
      return this.later(entry, (await problem(answer)) || "");
    }
    this.entries.shift();
    this.keep();
    this.failures = 0;
    if (answer.ok) {
      const { html } = await answer.json();
      this.log.removePending(entry.id);
      this.log.add(html);
      this.log.waitForAnswer(true);
      this.say("");
      return true;
    }
    // Refused for good: say why, and give the words back.
    this.log.removePending(entry.id);
    this.say((await problem(answer)) || this.words.notSent);
    const box = document.getElementById("text");
    if (entry.text && !box.value) box.value = entry.text;
    return true;
  }

  later(entry, reason) {
    this.log.fate(entry.id, this.words.notSent, () => this.flush());
    if (reason) this.say(reason);
    const pause = PAUSES_S[Math.min(this.failures, PAUSES_S.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.flush(), pause * 1000);
    return false;
  }
}

async function problem(answer) {
  try {
    return (await answer.json()).problem;
  } catch {
    return "";
  }
}

function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
