/**
 * The view of events: the newest as they come in, those before on demand, and everything about one.
 */
import { change, events as list, search } from './api.js';
import { coalesced, make, put, say } from './dom.js';
import { detail } from './detail.js';
import { count, exactly, size, tail, when } from './format.js';

/** Rows that are asked for at once, and rows that are shown at most. */
const PAGE = 100;
const MOST = 500;
/** How often the list is asked for again when the stream left something out, in milliseconds. */
const AGAIN = 2000;

const STATES = ['pending', 'leased', 'retrying', 'done', 'dead', 'parked'];

/**
 * @param {HTMLElement} place
 * @param {{inbox: boolean, health: *}} known
 * @param {URLSearchParams} query
 */
export function events(place, known, query) {
  /** By id; the newest are drawn first. */
  const rows = new Map();
  let next = null;
  let opened = null;
  let asked = 0;
  let skipped = 0;
  let timer = null;
  let paused = false;
  /** The page that is on its way, with the changes that came meanwhile; one that another took the place of is thrown away. */
  let loading = null;
  /** Whether the list is to be asked for again once that is here. */
  let again = false;

  const select = (label, name, options) =>
    make('select', { 'aria-label': label, name, change: refilter }, make('option', { value: '' }, label), ...options.map((one) => make('option', { value: one }, one)));
  const provider = select('Any provider', 'provider', (known.health?.providers ?? []).map((one) => one.name));
  const state = select('Any state', 'state', STATES);
  const type = make('input', { type: 'search', name: 'type', placeholder: 'Type', 'aria-label': 'Type', change: refilter });
  const text = make('input', { type: 'search', name: 'text', placeholder: 'Text in body or id', 'aria-label': 'Text', change: refilter });
  const pause = make('button', { type: 'button', 'aria-pressed': 'false', click: hold }, 'Pause');
  const counts = make('p.counts', { 'aria-label': 'Events in each state' });
  const fault = make('p.fault', { role: 'alert', hidden: true });
  const body = make('tbody', {});
  const missing = make('p.quiet', {});
  const older = make('button', { type: 'button', hidden: true, click: goBack }, 'Older events');
  const head = ['Id', 'State', 'Received', 'Provider', 'Type', 'Identity', 'Tries', 'Size'];
  const table = make('table.events', {}, make('thead', {}, make('tr', {}, ...head.map((name) => make(['Tries', 'Size'].includes(name) ? 'th.number' : 'th', { scope: 'col' }, name)))), body);
  put(
    place,
    counts,
    make('form.bar', { role: 'search', submit: (event) => (event.preventDefault(), refilter()) }, make('h2', {}, 'Events'), provider, state, type, text, pause),
    fault,
    make('div.scrolled', { tabindex: '0', role: 'region', 'aria-label': 'Events' }, table),
    missing,
    older,
  );

  const filter = () => ({
    provider: provider.value,
    state: state.value,
    type: type.value.trim(),
    text: text.value.trim(),
  });

  function fits(event) {
    const wanted = filter();
    if (wanted.provider && event.provider !== wanted.provider) return false;
    if (wanted.state && event.state !== wanted.state) return false;
    if (wanted.type && event.type !== wanted.type) return false;
    if (!wanted.text) return true;
    const needle = wanted.text.toLowerCase();
    return [event.identity, event.type ?? '', String(event.id)].some((word) => word.toLowerCase().includes(needle));
  }

  function from(query) {
    for (const field of [provider, state, type, text]) {
      const value = query.get(field.name) ?? '';
      if (field === provider && value && ![...provider.options].some((option) => option.value === value)) {
        provider.append(make('option', { value }, value));
      }
      field.value = value;
    }
    start();
  }

  function refilter() {
    const wanted = new URLSearchParams(Object.entries(filter()).filter(([, value]) => value));
    const hash = wanted.size > 0 ? `#/events?${wanted}` : '#/events';
    // Without an entry in the history for each letter.
    if (location.hash !== hash) history.replaceState(null, '', hash);
    start();
  }

  function start() {
    rows.clear();
    next = null;
    skipped = 0;
    opened?.close();
    opened = null;
    draw();
    load(null);
  }

  function failed(text) {
    fault.hidden = !text;
    say(fault, text);
  }

  /** Asks for the newest events, or for those before one. */
  async function load(after) {
    if (!known.inbox) return;
    const mine = { changes: [] };
    loading = mine;
    again = false;
    asked = performance.now();
    older.disabled = true;
    let page = null;
    try {
      const wanted = filter();
      page = await (wanted.text ? search(wanted, after) : list(wanted, after, PAGE));
      if (mine !== loading) return;
      failed('');
    } catch (error) {
      if (mine !== loading) return;
      failed(error.message);
    }
    loading = null;
    older.disabled = false;
    if (page && after === null) {
      const kept = rows.get(opened?.id);
      rows.clear();
      if (kept) rows.set(kept.id, kept);
      skipped = 0;
    }
    if (page) {
      page.events.forEach((event) => rows.set(event.id, event));
      next = page.next;
      // The answer may be older than what the stream brought while it was on its way.
      mine.changes.forEach(take);
    }
    trim();
    later();
    if (again) reload();
  }

  /** Asks for the list again, but not too often, and not before the last answer is here. */
  function reload() {
    again = loading !== null;
    if (again) return;
    timer ??= setTimeout(
      () => {
        timer = null;
        load(null);
      },
      Math.max(0, AGAIN - (performance.now() - asked)),
    );
  }

  /** Takes in what the stream says of events. */
  function take({ rows: added = [], turned = [] }) {
    const wanted = filter();
    if (!paused) for (const event of added) if (fits(event)) rows.set(event.id, event);
    for (const [id, now, attempts] of turned) {
      const event = rows.get(id);
      if (now === null || (event && wanted.state && now !== wanted.state)) rows.delete(id);
      else if (event) rows.set(id, { ...event, state: now, attempts: attempts ?? event.attempts });
    }
  }

  function trim() {
    // Whoever looks back has stopped the stream.
    if (rows.size <= MOST || paused) return;
    const ids = [...rows.keys()].sort((a, b) => b - a);
    const gone = ids.slice(MOST).filter((id) => id !== opened?.id);
    gone.forEach((id) => rows.delete(id));
    next = ids[MOST - 1];
  }

  function hold() {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    say(pause, paused ? 'Go on' : 'Pause');
    if (!paused) reload();
  }

  /** Shows older events; new ones would push them away, so they wait. */
  function goBack() {
    if (!paused) hold();
    load(next);
  }

  function toggle(id) {
    const before = opened?.id;
    opened?.close();
    opened = null;
    if (before !== id) opened = { id, ...detail(id, act) };
    draw();
  }

  async function act(what, id) {
    failed('');
    try {
      const { results } = await change(what, [id]);
      const result = results[0]?.result;
      if (result !== 'changed') {
        const why = typeof result === 'object' ? `it is ${result['not-in']}` : { 'no-body': 'its body is no longer kept' }[result];
        failed(`Event ${id} cannot be changed so: ${why ?? 'there is no such event'}.`);
      }
    } catch (error) {
      failed(error.message);
    }
  }

  function cells(event) {
    const id = make(
      'button.link',
      {
        type: 'button',
        'aria-expanded': String(opened?.id === event.id),
        'data-key': event.id,
        click: () => toggle(event.id),
      },
      event.id,
    );
    return [
      make('td', {}, id),
      make('td', {}, make('span.badge', { 'data-state': event.state }, event.state)),
      make('td', {}, make('time', { datetime: event.received_at, title: exactly(event.received_at) }, when(event.received_at))),
      make('td', {}, event.provider),
      make('td', {}, event.type ?? make('i', {}, 'none')),
      make('td', { title: event.identity }, tail(event.identity)),
      make('td.number', {}, event.attempts),
      make('td.number', {}, event.size === null || event.size === undefined ? 'removed' : size(event.size)),
    ];
  }

  function none() {
    if (!known.inbox) return 'This receiver keeps no events (--inbox none).';
    if (loading) return 'Asking the receiver …';
    return next === null ? 'No event fits.' : 'None of the newest events fits; “Older events” looks further back.';
  }

  const drawn = new Map();

  function row(event) {
    const key = `${event.state} ${event.attempts} ${opened?.id === event.id}`;
    const before = drawn.get(event.id);
    if (before?.key === key) return before.element;
    const element = before?.element ?? make('tr', { 'data-id': event.id });
    element.dataset.state = event.state;
    put(element, ...cells(event));
    drawn.set(event.id, { key, element });
    return element;
  }

  function draw() {
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const shown = [...rows.values()].sort((a, b) => b.id - a.id);
    for (const id of drawn.keys()) if (!rows.has(id)) drawn.delete(id);
    const elements = shown.flatMap((event) => (opened?.id === event.id ? [row(event), opened.element] : [row(event)]));
    const same = elements.length === body.children.length && elements.every((one, place) => one === body.children[place]);
    if (!same) body.replaceChildren(...elements);
    if (focused && document.activeElement?.dataset.key !== focused) {
      body.querySelector(`button[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
    older.hidden = next === null;
    say(missing, shown.length === 0 ? none() : skipped > 0 ? `${count(skipped)} more came in too fast to be listed.` : '');
  }

  const later = coalesced(draw);

  function figures(health) {
    const stats = health?.inbox;
    counts.hidden = !stats;
    if (!stats) return;
    const one = (name) =>
      make('a.count', { href: `#/events?state=${name}`, 'data-state': name, 'data-some': stats[name] > 0 }, make('b', {}, count(stats[name])), ` ${name}`);
    const focused = counts.contains(document.activeElement) ? document.activeElement.dataset.state : null;
    put(counts, ...['dead', 'parked', 'retrying', 'pending', 'leased', 'done'].map(one));
    if (focused) counts.querySelector(`[data-state="${focused}"]`)?.focus();
    for (const { name } of health.providers) {
      if (![...provider.options].some((option) => option.value === name)) provider.append(make('option', { value: name }, name));
    }
  }

  figures(known.health);
  from(query);

  return {
    figures,
    moved: from,
    loaded: () => {
      figures(known.health);
      load(null);
    },
    changed(changes) {
      const { turned = [], more = 0, lost = false } = changes;
      loading?.changes.push(changes);
      take(changes);
      if (turned.some(([id]) => id === opened?.id)) opened.turned();
      later();
      if (paused) return;
      const wanted = filter();
      const filtered = Object.values(wanted).some(Boolean);
      // A filter by state or text may let in what the stream cannot tell.
      if (lost || (filtered && (more > 0 || wanted.text || (wanted.state && turned.length > 0)))) reload();
      else skipped += more;
      trim();
    },
    close() {
      clearTimeout(timer);
      loading = null;
      opened?.close();
    },
  };
}
