// Asks the server and tells it what the person did.

/** The server said no, or is not there; `name` says why, "away" where it did not answer at all. */
export class Refused extends Error {
  constructor(name) {
    super(name);
    this.name = name;
  }
}

/** Return what the server answers to GET /try/{path}. */
export async function ask(path, query = {}, signal = undefined) {
  return answer(`${path}?${new URLSearchParams(query)}`, { signal });
}

/** Return what the server answers to what the person did. */
export async function tell(path, body) {
  const headers = { "Content-Type": "application/json", "X-Govbot-Try": "1" };
  return answer(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Share files with a message; return its ts. */
export async function upload({ user, channel, thread, text, files }) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ user, channel, thread, text })) form.append(name, value);
  for (const file of files) form.append("files", file, file.name);
  return answer("upload", { method: "POST", headers: { "X-Govbot-Try": "1" }, body: form });
}

/** Return the address of a file that the person may save. */
export function fileAddress(id, user) {
  return `file/${encodeURIComponent(id)}?${new URLSearchParams({ user })}`;
}

async function answer(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Refused("away");
  }
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(told.error ?? "unknown");
  return told;
}
