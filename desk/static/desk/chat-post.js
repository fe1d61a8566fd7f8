// One POST with the page's CSRF token; a token that a log-in elsewhere made old is fetched anew.
function field() {
  return document.querySelector("#composer [name=csrfmiddlewaretoken]");
}

async function once(url, values) {
  const body = new URLSearchParams({ ...values, csrfmiddlewaretoken: field().value });
  return fetch(url, {
    method: "POST",
    body,
    headers: { "X-Requested-With": "fetch" },
    signal: AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined,
  });
}

export async function post(url, values) {
  const answer = await once(url, values);
  if (answer.status !== 403) return answer;
  const page = await fetch(document.getElementById("composer").dataset.page);
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  field().value = fresh.querySelector("#composer [name=csrfmiddlewaretoken]").value;
  return once(url, values);
}
