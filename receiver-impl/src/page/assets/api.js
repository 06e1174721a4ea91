/**
 * What the admin port is asked. Every fault becomes an `Error` whose message a person can use.
 */

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<*>} the JSON of the answer
 */
async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: 'same-origin', ...options });
  } catch {
    throw new Error('The receiver does not answer.');
  }
  if (answer.status === 401) {
    location.assign('/login');
    throw new Error('The admin port asks for its token.');
  }
  const content = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(content?.error ?? `The receiver answered ${answer.status}.`);
  return content;
}

/** @returns {Promise<{inbox: boolean, login: boolean, fleet: Array<*>, health: *}>} everything that the page shows */
export const whole = () => ask('/api/page');

/**
 * A page of events, the newest first.
 * @param {{provider?: string, type?: string, state?: string}} filter
 * @param {number|null} after
 * @param {number} limit
 */
export function events(filter, after, limit) {
  const query = new URLSearchParams();
  for (const name of ['provider', 'type', 'state']) if (filter[name]) query.append(name, filter[name]);
  if (after) query.append('after', String(after));
  query.append('limit', String(limit));
  return ask(`/api/events?${query}`);
}

/**
 * Events whose body, type or identity has a text in it, among the newest few thousand behind `after`.
 * @param {{provider?: string, type?: string, state?: string, text: string}} filter
 * @param {number|null} after
 */
export function search(filter, after) {
  const query = new URLSearchParams({ text: filter.text });
  for (const name of ['provider', 'type', 'state']) if (filter[name]) query.append(name, filter[name]);
  if (after) query.append('after', String(after));
  return ask(`/api/page/search?${query}`);
}

/** @param {number} id */
export const event = (id) => ask(`/api/events/${id}`);

/**
 * @param {'replay'|'retry'|'park'} change
 * @param {Array<number>} ids
 */
export const change = (change, ids) =>
  ask('/api/events/change', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ change, ids }),
  });
