// One request to the server with the token of this drill: no cookie, no session, no trust in
// `navigator.onLine`. What comes back is one of:
//   heard    the answer, as JSON
//   same     304, nothing has changed
//   ended    the token opens nothing any more: sign in again
//   refused  the server understood and said no; `why` says so in words
//   silent   no network, no server, or something in between that is not Muster: try again

const REFUSALS = new Set([400, 403, 409, 412, 413, 422]);

async function jsonOf(answer) {
  try {
    return await answer.json();
  } catch {
    return null; // a page of something in between: a hotel's sign-in, a proxy's error
  }
}

async function ask(url, { token, seconds, ...how }) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    return await fetch(url, {
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: stop.signal,
      ...how,
      headers: { Authorization: `Run ${token}`, ...how.headers },
    }).then(async (answer) => ({ answer, told: answer.status === 304 ? null : await jsonOf(answer) }));
  } finally {
    clearTimeout(timer);
  }
}

/** Send `body` as JSON, or read where there is none. */
export async function talk(url, { token, body, mark, seconds = 10 }) {
  const headers = {};
  if (mark) headers["If-None-Match"] = mark;
  if (body) headers["Content-Type"] = "application/json";
  const asked = performance.now();
  let found;
  try {
    found = await ask(url, {
      token,
      seconds,
      headers,
      method: body ? "POST" : "GET",
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    return { kind: "silent" };
  }
  const { answer, told } = found;
  if (answer.status === 304) return { kind: "same" };
  if (told === null || typeof told !== "object") return { kind: "silent" };
  if (answer.ok) return { kind: "heard", told, asked, mark: answer.headers.get("ETag") };
  const why = [told.message, told.mend].filter(Boolean).join(" ");
  if (answer.status === 404 && told.code) return { kind: "ended", why };
  if (REFUSALS.has(answer.status) && told.code) return { kind: "refused", why };
  return { kind: "silent" };
}
