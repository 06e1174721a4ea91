/**
 * The page: which view is shown, and what all views have in common.
 */
import { make, put, say } from './dom.js';
import { count } from './format.js';
import { follow } from './stream.js';
import * as store from './store.js';
import { fleet } from './fleet.js';
import { events } from './events.js';
import { health } from './health.js';

const VIEWS = { fleet, events, health };
const view = document.getElementById('view');
const connection = document.getElementById('connection');
const notice = document.getElementById('notice');

/** What the views are told: the last figures, and whether events are kept. */
const known = { inbox: true, health: null, loaded: false };
let shown = null;

function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const name = Object.hasOwn(VIEWS, path) ? path : 'fleet';
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#/${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close());
  document.title = `${name[0].toUpperCase()}${name.slice(1)} – Webhook receiver`;
  if (shown?.name === name && shown.view.moved) {
    shown.view.moved(new URLSearchParams(query));
    return;
  }
  shown?.view.close?.();
  const place = make('div.view', {});
  put(view, place);
  shown = { name, view: VIEWS[name](place, known, new URLSearchParams(query)) };
}

function alarm(id, number, one, many) {
  const element = document.getElementById(id);
  element.hidden = !number;
  say(element, number ? `${count(number)} ${number === 1 ? one : many}` : '');
}

function figures(content) {
  known.health = content;
  alarm('dead', content.inbox?.dead, 'dead event', 'dead events');
  alarm('parked', content.inbox?.parked, 'parked event', 'parked events');
  const fault = content.fault ? `The inbox cannot be used, so providers are told to send again: ${content.fault}` : '';
  notice.hidden = !fault;
  say(notice, fault);
  shown?.view.figures?.(content);
}

function state(name) {
  connection.dataset.state = name;
  say(connection, name);
}

window.addEventListener('hashchange', () => {
  route();
  view.focus({ preventScroll: true });
});

follow({
  loaded(content) {
    known.inbox = content.inbox;
    known.loaded = true;
    document.getElementById('logout').hidden = !content.login;
    store.load(content.fleet);
    figures(content.health);
    shown?.view.loaded?.();
  },
  changed(changes) {
    if (changes.fleet) store.update(changes.fleet);
    if (changes.health) figures(changes.health);
    if (changes.rows || changes.turned || changes.more || changes.lost) shown?.view.changed?.(changes);
  },
  state,
  failed(text, name = 'no answer') {
    state(name);
    notice.hidden = false;
    say(notice, text);
  },
});
route();
