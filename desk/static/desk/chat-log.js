// The list of messages on the page, in the order of their ids.
export class Log {
  constructor(words) {
    this.words = words;
    this.element = document.getElementById("log");
    this.typing = document.getElementById("typing");
    this.scroller = this.element.parentElement;
    this.typingTimer = 0;
  }

  bubbles() {
    return [...this.element.querySelectorAll(".bubble[data-id]")];
  }

  lastId() {
    return this.bubbles().reduce((last, one) => Math.max(last, Number(one.dataset.id)), 0);
  }

  newIds() {
    return this.bubbles().filter((one) => "new" in one.dataset).map((one) => one.dataset.id);
  }

  known(ids) {
    for (const id of ids) delete document.getElementById(`m${id}`)?.dataset.new;
  }

  // HTML from our own server: message texts are escaped there.
  add(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    let first = null;
    for (const bubble of template.content.querySelectorAll(".bubble")) {
      if (document.getElementById(bubble.id)) continue;
      const client = bubble.dataset.client;
      if (client) this.element.querySelector(`.pending[data-client="${CSS.escape(client)}"]`)?.remove();
      this.insert(bubble);
      if (!client) this.waitForAnswer(false);
      first ??= bubble;
    }
    this.keepLastChoices();
    if (first) this.show(first);
  }

  insert(bubble) {
    const id = Number(bubble.dataset.id);
    const pending = this.element.querySelector(".pending");
    const next = this.bubbles().find((one) => Number(one.dataset.id) > id) ?? pending;
    this.element.insertBefore(bubble, next ?? null);
  }

  // What the person just sent, before the server has it.
  addPending(entry) {
    const bubble = document.createElement("div");
    bubble.className = "bubble person pending";
    bubble.dataset.client = entry.id;
    const who = document.createElement("p");
    who.className = "hidden";
    who.textContent = `${this.words.you}:`;
    const text = document.createElement("div");
    text.className = "text";
    text.dir = "auto";
    text.textContent = entry.label ?? entry.text;
    const fate = document.createElement("p");
    fate.className = "fate";
    bubble.append(who, text, fate);
    this.element.append(bubble);
    this.keepLastChoices();
    this.toEnd();
  }

  // "Sending", or a button that tries again.
  fate(id, text, retry) {
    const bubble = this.element.querySelector(`.pending[data-client="${CSS.escape(id)}"]`);
    if (!bubble) return;
    bubble.classList.toggle("failed", Boolean(retry));
    const fate = bubble.querySelector(".fate");
    if (!retry) {
      fate.textContent = text;
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", retry);
    fate.replaceChildren(button);
  }

  removePending(id) {
    this.element.querySelector(`.pending[data-client="${CSS.escape(id)}"]`)?.remove();
  }

  // Buttons stand under the last message that has any, until the person says something.
  keepLastChoices() {
    const all = [...this.element.querySelectorAll(".bubble")].reverse();
    let done = false;
    for (const bubble of all) {
      const choices = bubble.querySelector(".choices");
      if (choices && done) choices.remove();
      done ||= Boolean(choices) || bubble.classList.contains("person");
    }
  }

  waitForAnswer(waiting) {
    clearTimeout(this.typingTimer);
    // The answer may have come before the server's receipt for the question.
    if (waiting && !this.bubbles().at(-1)?.classList.contains("person")) return;
    this.showTyping(waiting && !this.counsellorIsHere(), "assistant", 20000);
    if (waiting) this.toEnd();
  }

  // Said again every four seconds while they type.
  counsellorTypes(typing) {
    clearTimeout(this.typingTimer);
    this.showTyping(typing, "counsellor", 6000);
  }

  showTyping(shown, who, forMs) {
    const words = this.typing.querySelector("[data-assistant]");
    words.textContent = words.dataset[who];
    this.typing.hidden = !shown;
    if (shown) this.typingTimer = setTimeout(() => (this.typing.hidden = true), forMs);
  }

  counsellorIsHere() {
    return !document.getElementById("counsellor").hidden;
  }

  counsellor(here) {
    document.getElementById("counsellor").hidden = !here;
  }

  // The beginning of what is new stays in sight, however long it is.
  show(bubble) {
    this.toEnd();
    const top = bubble.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    if (top < 0) this.scroller.scrollTop += top - 8;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
