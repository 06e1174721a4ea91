/**
 * The view of what is out there: each provider's part, as far as events told of it.
 */
import { coalesced, make, put } from './dom.js';
import * as store from './store.js';
import { gridx } from './gridx.js';
import { greenlake } from './greenlake.js';
import { nursa } from './nursa.js';

const PARTS = [gridx, greenlake, nursa];

/**
 * @param {HTMLElement} place
 * @param {{inbox: boolean, loaded: boolean, health: *}} known
 */
export function fleet(place, known) {
  const reading = make('p.quiet', { hidden: true });
  const nothing = make('p.empty', {});
  const parts = PARTS.map((part) => {
    const section = make('section', { hidden: true });
    return { section, ...part(section) };
  });
  put(place, reading, nothing, ...parts.map((part) => part.section));

  function draw() {
    const shown = parts.filter((part) => part.draw());
    nothing.hidden = shown.length > 0;
    if (shown.length > 0) return;
    if (!known.loaded) put(nothing, 'Asking the receiver …');
    else if (!known.inbox) {
      put(nothing, 'This receiver keeps no events (', make('code', {}, '--inbox none'), '), so nothing is known here.');
    } else put(nothing, 'No event has told of anything yet. The first one shows up here by itself.');
  }

  const later = coalesced(draw);
  const end = store.listen((tiles) => {
    parts.forEach((part) => part.told(tiles));
    later();
  });
  parts.forEach((part) => part.told(null));
  draw();

  return {
    loaded: later,
    figures(health) {
      reading.hidden = !health.unread;
      put(reading, `Still reading ${health.unread.toLocaleString()} older events; what is shown may be older than they are.`);
    },
    close: end,
  };
}
