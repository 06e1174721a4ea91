/**
 * The tiles: every thing that events told of, by provider, kind and id.
 */

/**
 * @typedef {{provider: string, kind: string, id: string, last: number, fields: Object<string, string>,
 *   since: Object<string, number>}} Tile
 */

/** @type {Map<string, Map<string, Tile>>} */
const kinds = new Map();
const listeners = new Set();

const name = (provider, kind) => `${provider}/${kind}`;

function set(tile) {
  const key = name(tile.provider, tile.kind);
  if (!kinds.has(key)) kinds.set(key, new Map());
  kinds.get(key).set(tile.id, tile);
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
 * Takes in tiles that changed.
 * @param {Array<Tile>} tiles
 */
export function update(tiles) {
  tiles.forEach(set);
  listeners.forEach((listener) => listener(tiles));
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
