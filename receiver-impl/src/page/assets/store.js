/**
 * The tiles: every thing that events told of, by provider, kind and id.
 */

/**
 * @typedef {{provider: string, kind: string, id: string, last: number, fields: Object<string, string>,
 *   since: Object<string, number>, gone: boolean|undefined}} Tile
 */

/** @type {Map<string, Map<string, Tile>>} */
const kinds = new Map();
const listeners = new Set();

const name = (provider, kind) => `${provider}/${kind}`;

function set(tile) {
  const key = name(tile.provider, tile.kind);
  if (!kinds.has(key)) kinds.set(key, new Map());
  if (tile.gone) kinds.get(key).delete(tile.id);
  else kinds.get(key).set(tile.id, tile);
}

/**
 * Puts all tiles in place of those that are known.
 * @param {Array<Tile>} tiles
 */
export function load(tiles) {
  kinds.clear();
  tiles.forEach(set);
  listeners.forEach((listener) => listener(null));
}

/**
 * Takes in tiles that changed, or that are gone.
 * @param {Array<Tile>} tiles
 */
export function update(tiles) {
  tiles.forEach(set);
  const told = tiles.some((tile) => tile.gone) ? null : tiles;
  listeners.forEach((listener) => listener(told));
}

/**
 * @param {string} provider
 * @param {string} kind
 * @returns {Map<string, Tile>} by id
 */
export const of = (provider, kind) => kinds.get(name(provider, kind)) ?? new Map();

/**
 * Tells of changes: the tiles that changed, or `null` if any may have.
 * @param {(tiles: Array<Tile>|null) => void} listener
 * @returns {() => void} ends it
 */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
