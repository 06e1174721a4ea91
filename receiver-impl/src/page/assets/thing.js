/**
 * Everything that is known of one thing, in a dialog that follows it while it is open.
 */
import { make, pairs, put } from './dom.js';
import { ago, exactly } from './format.js';
import * as store from './store.js';

const dialog = make('dialog.thing', { 'aria-labelledby': 'thing' });
document.body.append(dialog);
let shown = null;

/** What programs count in milliwatts. */
const UNITS = { power: 'mW', limit: 'mW', range: 'm' };

function draw() {
  const tile = store.of(shown.provider, shown.kind).get(shown.id);
  if (!tile) return;
  const rows = Object.entries(tile.fields).map(([name, text]) => {
    const since = tile.since[name];
    const unit = name === 'limit' && tile.kind === 'vehicle' ? '%' : UNITS[name];
    const value = unit ? `${text} ${unit}` : text;
    return [name, since ? `${value}, since ${exactly(since)} (${ago(since)})` : value];
  });
  put(
    dialog,
    make('h2', { id: 'thing' }, `${tile.kind[0].toUpperCase()}${tile.kind.slice(1)} ${tile.fields.name ?? ''}`),
    pairs([['id', tile.id], ...rows, ['last event', `${exactly(tile.last)} (${ago(tile.last)})`]]),
    make('form', { method: 'dialog' }, make('button', {}, 'Close')),
  );
}

store.listen((tiles) => {
  const ours = (tile) => tile.provider === shown.provider && tile.kind === shown.kind && tile.id === shown.id;
  if (dialog.open && shown && (tiles === null || tiles.some(ours))) draw();
});

/**
 * @param {string} provider
 * @param {string} kind
 * @param {string} id
 */
export function open(provider, kind, id) {
  shown = { provider, kind, id };
  draw();
  dialog.showModal();
}
