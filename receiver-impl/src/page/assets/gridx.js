/**
 * gridX: a card for each system, with a tile for each appliance and vehicle of its gateways.
 */
import { make, put, say } from './dom.js';
import { count, short } from './format.js';
import * as store from './store.js';
import { open as details } from './thing.js';

/** Cards that are drawn at once, and how often their order may change, in milliseconds. */
const CARDS = 60;
const REORDER = 1000;

const SHOW = { all: 'all', offline: 'offline', faults: 'with a fault' };
const OWNER = { system: (tile) => tile.id, other: (tile) => tile.fields.system };

const isFault = (tile) =>
  (tile.fields.status !== undefined && tile.fields.status !== 'OK') || Boolean(tile.fields.fault);

/** @param {store.Tile} tile @returns {'online'|'offline'|'unknown'} */
const online = (tile) => ({ yes: 'online', no: 'offline' })[tile.fields.online] ?? 'unknown';

const plugged = (text) => /^plugged$/i.test(text ?? '');

/** What a tile says below its name, beside the word for its state. */
function lines(tile, word) {
  const { fields } = tile;
  const said = [];
  if (tile.kind === 'vehicle') {
    const words = [fields.plug, fields.charge].map((text) => text?.toLowerCase().replaceAll('_', ' '));
    said.push(...words.filter((text) => text && text !== word));
    if (fields.soc) said.push(`${Math.round(Number(fields.soc))} %`);
    if (Number(fields.power) > 0) said.push(`${(Number(fields.power) / 1e6).toFixed(1)} kW`);
    if (fields.fault) said.push(fields.fault.toLowerCase().replaceAll('_', ' '));
  } else {
    if (fields.status) said.push(`status ${fields.status}${fields.error ? ` ${fields.error}` : ''}`);
    if (fields.plug) said.push(fields.plug.toLowerCase());
  }
  return said.join(' · ');
}

/** How a tile is, in one word that also says its colour. */
function condition(tile) {
  if (tile.kind !== 'vehicle') return online(tile);
  if (tile.fields.charge === 'CHARGING') return 'charging';
  return plugged(tile.fields.plug) ? 'online' : 'offline';
}

const WORDS = { vehicle: { online: 'plugged', offline: 'away', charging: 'charging' } };

function button(tile) {
  const state = condition(tile);
  const { fields } = tile;
  const word = WORDS[tile.kind]?.[state] ?? state;
  const title = fields.name ?? fields.model ?? (tile.kind === 'vehicle' ? 'Vehicle' : short(tile.id));
  return make(
    'button.tile',
    {
      type: 'button',
      'data-key': `${tile.kind}/${tile.id}`,
      'data-id': tile.id,
      'data-state': state,
      'data-fault': isFault(tile),
      click: () => details(tile.provider, tile.kind, tile.id),
    },
    make('span.name', {}, title),
    make('span.state', {}, word),
    make('span.what', {}, lines(tile, word) || [fields.kind, fields.model].filter(Boolean).join(' · ')),
  );
}

/** What is known of one system. */
class System {
  constructor(id) {
    this.id = id;
    this.gateways = new Set();
    this.appliances = new Set();
    this.vehicles = new Set();
    this.card = null;
    this.stale = true;
  }

  get title() {
    return store.of('gridx', 'system').get(this.id)?.fields.name ?? `System ${short(this.id)}`;
  }

  /** The tiles of a kind, those that are gone left out. */
  tiles(kind) {
    const all = store.of('gridx', kind);
    return [...this[`${kind}s`]].map((id) => all.get(id)).filter((tile) => tile && tile.fields.gone !== 'yes');
  }

  get things() {
    return [...this.tiles('appliance'), ...this.tiles('vehicle')];
  }

  fits(text, show) {
    const things = this.things;
    const down = (tile) => tile.fields.online === 'no';
    if (show === 'offline' && ![...things, ...this.tiles('gateway')].some(down)) return false;
    if (show === 'faults' && !things.some(isFault)) return false;
    if (!text) return true;
    const words = [this.id, this.title, ...things.flatMap((tile) => [tile.id, ...Object.values(tile.fields)])];
    return words.some((word) => word.toLowerCase().includes(text));
  }

  draw() {
    this.card ??= make('article.card', { 'data-system': this.id });
    if (!this.stale) return this.card;
    this.stale = false;
    const focused = this.card.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const system = store.of('gridx', 'system').get(this.id);
    const appliances = this.tiles('appliance');
    const up = appliances.filter((tile) => tile.fields.online === 'yes').length;
    const limit = system?.fields.limit;
    const byName = (a, b) => (a.fields.name ?? a.id).localeCompare(b.fields.name ?? b.id);
    put(
      this.card,
      make(
        'header',
        {},
        make('h3', { title: this.id }, this.title),
        limit && make('span.badge', {}, `limited to ${(Number(limit) / 1e6).toFixed(1)} kW`),
        make('span.quiet', {}, `${up} of ${appliances.length} online`),
      ),
      make(
        'p.gateways',
        {},
        ...this.tiles('gateway').map((tile) =>
          make(
            'button.gateway',
            {
              type: 'button',
              'data-key': `gateway/${tile.id}`,
              'data-id': tile.id,
              'data-state': online(tile),
              click: () => details('gridx', 'gateway', tile.id),
            },
            `Gateway ${tile.fields.name ?? short(tile.id)}`,
            tile.fields.online ? `: ${online(tile)}` : '',
          ),
        ),
      ),
      make('div.tiles', {}, ...appliances.sort(byName).map(button), ...this.tiles('vehicle').map(button)),
    );
    if (focused) this.card.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    return this.card;
  }
}

/** @param {HTMLElement} section */
export function gridx(section) {
  const systems = new Map();
  let order = [];
  let most = CARDS;
  let ordered = 0;
  let timer = null;
  let mustOrder = true;

  const summary = make('p.quiet', {});
  const text = make('input', { type: 'search', placeholder: 'Name, model, id …', 'aria-label': 'Find systems' });
  const show = make(
    'select',
    { 'aria-label': 'Which systems' },
    ...Object.entries(SHOW).map(([value, label]) => make('option', { value }, label)),
  );
  const cards = make('div.cards', {});
  const more = make('button', { type: 'button', hidden: true });
  put(section, make('div.bar', {}, make('h2', {}, 'gridX'), summary, text, show), cards, more);

  function system(id) {
    if (!systems.has(id)) {
      systems.set(id, new System(id));
      mustOrder = true;
    }
    return systems.get(id);
  }

  function place(tile) {
    const id = (OWNER[tile.kind] ?? OWNER.other)(tile);
    if (!id) return;
    const owner = system(id);
    if (tile.kind === 'system') mustOrder = true;
    else owner[`${tile.kind}s`].add(tile.id);
    owner.stale = true;
  }

  /** Which cards are shown, and in which order. */
  function reorder() {
    ordered = performance.now();
    mustOrder = false;
    const wanted = text.value.trim().toLowerCase();
    order = [...systems.values()].filter((one) => one.fits(wanted, show.value));
    order.sort((a, b) => a.title.localeCompare(b.title) || a.id.localeCompare(b.id));
  }

  function draw() {
    section.hidden = systems.size === 0;
    if (section.hidden) return false;
    const wait = REORDER - (performance.now() - ordered);
    if (mustOrder || show.value !== 'all' || text.value) {
      if (wait <= 0 || ordered === 0) reorder();
      else timer ??= setTimeout(() => ((timer = null), draw()), wait);
    }
    const shown = order.slice(0, most).map((one) => one.draw());
    const same = shown.length === cards.children.length && shown.every((card, place) => card === cards.children[place]);
    if (!same) cards.replaceChildren(...shown);
    more.hidden = order.length <= most;
    say(more, `Show more of ${count(order.length)} systems`);
    const all = [...store.of('gridx', 'appliance').values()].filter((tile) => tile.fields.gone !== 'yes');
    const up = all.filter((tile) => tile.fields.online === 'yes').length;
    const down = all.filter((tile) => tile.fields.online === 'no').length;
    say(summary, `${count(systems.size)} systems · ${count(up)} appliances online · ${count(down)} offline`);
    return true;
  }

  function again() {
    ordered = 0;
    most = CARDS;
    mustOrder = true;
    draw();
  }

  text.addEventListener('input', again);
  show.addEventListener('change', again);
  more.addEventListener('click', () => {
    most += CARDS;
    draw();
  });

  return {
    draw,
    told(tiles) {
      if (tiles) {
        tiles.filter((tile) => tile.provider === 'gridx').forEach(place);
        return;
      }
      systems.clear();
      ordered = 0;
      for (const kind of ['system', 'gateway', 'appliance', 'vehicle']) store.of('gridx', kind).forEach(place);
    },
  };
}
