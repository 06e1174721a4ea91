/**
 * A part of the fleet that is a table: the newest rows of one kind of thing.
 */
import { make, put, say } from './dom.js';
import { count } from './format.js';
import * as store from './store.js';
import { open as details } from './thing.js';

/**
 * @param {{provider: string, kind: string, title: string, most: number,
 *   order: (a: store.Tile, b: store.Tile) => number,
 *   columns: Array<[string, (tile: store.Tile) => string|Node]>}} what
 */
export function table(what) {
  const title = make('h3', {});
  const body = make('tbody', {});
  const head = make('tr', {}, ...what.columns.map(([name]) => make('th', { scope: 'col' }, name)));
  const scrolled = make('div.scrolled', { tabindex: '0', role: 'region', 'aria-label': what.title });
  put(scrolled, make('table', {}, make('thead', {}, head), body));
  const element = make('div', { hidden: true }, title, scrolled);
  let stale = true;

  function row(tile) {
    const [first, ...others] = what.columns.map(([, value]) => value(tile));
    const name = make(
      'button.link',
      { type: 'button', 'data-id': tile.id, click: () => details(tile.provider, tile.kind, tile.id) },
      first,
    );
    return make('tr', { 'data-id': tile.id }, make('td', {}, name), ...others.map((value) => make('td', {}, value)));
  }

  return {
    element,
    told(tiles) {
      stale ||= tiles === null || tiles.some((tile) => tile.provider === what.provider && tile.kind === what.kind);
    },
    draw() {
      const all = store.of(what.provider, what.kind);
      element.hidden = all.size === 0;
      if (element.hidden || !stale) return !element.hidden;
      stale = false;
      const rows = [...all.values()].sort(what.order).slice(0, what.most);
      say(title, rows.length < all.size ? `${what.title} (${rows.length} of ${count(all.size)})` : what.title);
      const focused = body.contains(document.activeElement) ? document.activeElement.dataset.id : null;
      body.replaceChildren(...rows.map(row));
      if (focused) body.querySelector(`button[data-id="${CSS.escape(focused)}"]`)?.focus();
      return true;
    },
  };
}

/**
 * A section of several tables.
 * @param {HTMLElement} section
 * @param {string} title
 * @param {Array<ReturnType<typeof table>>} tables
 */
export function tables(section, title, tables) {
  put(section, make('div.bar', {}, make('h2', {}, title)), make('div.tables', {}, ...tables.map((one) => one.element)));
  return {
    told: (tiles) => tables.forEach((one) => one.told(tiles)),
    draw() {
      const any = tables.map((one) => one.draw()).some(Boolean);
      section.hidden = !any;
      return any;
    },
  };
}

/** The newest first. */
export const newest = (a, b) => b.last - a.last || a.id.localeCompare(b.id);
