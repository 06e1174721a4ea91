/**
 * Everything about one event, in a row below its own.
 */
import { event as fetched } from './api.js';
import { make, pairs, put } from './dom.js';
import { exactly, indented } from './format.js';

/** In which states an event can be handled again. */
const CHANGES = {
  replay: ['Replay', 'Handle it again, as if it had just come in', ['done', 'dead', 'parked', 'retrying']],
  retry: ['Retry now', 'Try it at once', ['retrying', 'dead', 'parked']],
};

/** The text of a body, and the same formatted if it is JSON. */
function texts(body) {
  if (body === null || body === undefined) return { raw: null, formatted: null };
  const raw = typeof body === 'string' ? body : `base64: ${body.base64}`;
  try {
    JSON.parse(raw);
    return { raw, formatted: indented(raw) };
  } catch {
    return { raw, formatted: null };
  }
}

function content(body) {
  const { raw, formatted } = texts(body);
  if (raw === null) return make('p.quiet', {}, 'The body is no longer kept.');
  const text = make('pre', { tabindex: '0', 'aria-label': 'Body' });
  const names = formatted === null ? ['raw'] : ['formatted', 'raw'];
  const choose = (name) => {
    text.textContent = name === 'raw' ? raw : formatted;
    tabs.forEach((tab) => tab.setAttribute('aria-pressed', String(tab.textContent === name)));
  };
  const tabs = names.map((name) => make('button', { type: 'button', click: () => choose(name) }, name));
  choose(names[0]);
  return make('div', {}, make('p.tabs', {}, ...tabs), text);
}

function attempts(list) {
  if (list.length === 0) return make('p.quiet', {}, 'Not tried yet.');
  const row = (one) =>
    make(
      'tr',
      {},
      make('td.number', {}, one.number),
      make('td', {}, exactly(one.ended_at)),
      make('td', {}, make('span.badge', { 'data-state': one.ending === 'failed' ? 'retrying' : one.ending }, one.ending)),
      make('td', {}, one.error ?? ''),
    );
  return make('table', {}, make('tbody', {}, ...list.map(row)));
}

/**
 * @param {number} id
 * @param {(what: string, id: number) => Promise<void>} act replays or retries
 */
export function detail(id, act) {
  const cell = make('td', { colspan: '8' });
  const element = make('tr.detail', { 'data-detail': id }, cell);
  let closed = false;
  let timer = null;

  function button([name, [label, title, states]], state) {
    return make('button', { type: 'button', title, disabled: !states.includes(state), 'data-change': name, click: () => act(name, id) }, label);
  }

  async function draw() {
    try {
      const event = await fetched(id);
      if (closed) return;
      const focused = cell.contains(document.activeElement) ? document.activeElement.dataset.change : null;
      put(
        cell,
        make('p.actions', {}, ...Object.entries(CHANGES).map((change) => button(change, event.state))),
        pairs([
          ['state', event.state],
          ['next attempt', event.next_attempt && exactly(event.next_attempt)],
          ['received', exactly(event.received_at)],
          ['endpoint', event.endpoint],
          ['type', event.type],
          ['identity', event.identity],
          ['ordering key', event.ordering_key],
          ...(event.matched ?? []).map(({ scheme, slot }) => ['verified', `${scheme} by secret ${slot}`]),
        ]),
        make('h3', {}, 'Attempts'),
        attempts(event.attempts ?? []),
        make('h3', {}, 'Headers'),
        pairs((event.headers ?? []).map(([name, value]) => [name, typeof value === 'string' ? value : `base64: ${value.base64}`])),
        make('h3', {}, 'Body'),
        content(event.body),
      );
      if (focused) cell.querySelector(`[data-change="${focused}"]`)?.focus();
    } catch (error) {
      if (!closed) put(cell, make('p.fault', { role: 'alert' }, error.message));
    }
  }

  put(cell, make('p.quiet', {}, 'Asking the receiver …'));
  draw();
  return {
    element,
    turned() {
      timer ??= setTimeout(() => ((timer = null), draw()), 200);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
