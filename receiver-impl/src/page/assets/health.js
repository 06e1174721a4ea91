/**
 * The view of how the receiver is: each provider's rate, refusals and secrets, and what waits in the inbox.
 */
import { make, pairs, put } from './dom.js';
import { ago, count, span } from './format.js';
import { plot } from './plot.js';

const sum = (counts) => counts.reduce((all, one) => all + one, 0);

const some = (number, name) => number > 0 && `${count(number)} ${name}${number === 1 ? '' : 's'}`;

function figure(name, value, level) {
  return make('div.figure', { 'data-level': level }, make('b', {}, value), make('span', {}, name));
}

function inbox(health) {
  const stats = health.inbox;
  if (!stats) return make('p.quiet', {}, 'This receiver keeps no events, or its inbox cannot be read.');
  const waiting = stats.pending + stats.leased + stats.retrying;
  return make(
    'div.figures',
    {},
    figure('waiting', count(waiting), waiting > 1000 ? 'warn' : null),
    figure('oldest waits for', waiting ? span(stats.oldest_seconds) : '–', stats.oldest_seconds > 300 ? 'bad' : null),
    figure('retrying', count(stats.retrying), stats.retrying ? 'warn' : null),
    figure('dead', count(stats.dead), stats.dead ? 'bad' : null),
    figure('parked', count(stats.parked), stats.parked ? 'warn' : null),
    figure('done', count(stats.done), null),
    figure('copies not kept', count(stats.duplicates), null),
  );
}

function table(head, rows, none) {
  if (rows.length === 0) return make('p.quiet', {}, none);
  return make(
    'table',
    {},
    make('thead', {}, make('tr', {}, ...head.map((name) => make('th', { scope: 'col' }, name)))),
    make('tbody', {}, ...rows.map((cells) => make('tr', {}, ...cells.map((cell) => make('td', {}, cell))))),
  );
}

function provider(one, step) {
  const hour = sum(one.kept);
  const refused = sum(one.refused);
  // The last step is still under way.
  const rate = sum(one.kept.slice(-3, -1)) / (2 * step);
  const label = `${one.name}: ${hour} events and ${refused} refused requests in the last hour`;
  return make(
    'article.card',
    { 'data-provider': one.name },
    make('header', {}, make('h3', {}, one.name), make('span.quiet', {}, `${some(hour, 'event') || 'no event'} in the last hour`)),
    plot([{ name: 'kept', counts: one.kept }, { name: 'refused', counts: one.refused }], label),
    make('p.axis', {}, make('span', {}, 'an hour ago'), make('span', {}, `at most ${count(Math.max(...one.kept, ...one.refused))} in ${step} s`), make('span', {}, 'now')),
    pairs([
      ['now', `${rate.toFixed(rate < 10 ? 1 : 0)} events/s`],
      ['last event', one.last ? `${ago(one.last.at)}: ${one.last.type ?? 'no type'}` : 'none yet'],
      ['accepted', count(one.accepted)],
      ['parked', one.parked ? count(one.parked) : null],
      ['told to retry', one.retry ? count(one.retry) : null],
      ['live keys', [some(one.secrets, 'secret'), some(one.public_keys, 'public key')].filter(Boolean).join(', ')],
      ['key file', one.keys_broken ? make('span.badge', { 'data-level': 'bad' }, 'cannot be read: the old keys stay') : null],
    ]),
    make('h4', {}, 'Secret slots in use'),
    table(['Scheme', 'Slot', 'Matches'], one.slots.map((slot) => [slot.scheme, slot.slot, count(slot.matches)]), 'No key is live.'),
    make('h4', {}, 'Refusals'),
    table(['Reason', 'Endpoint', 'Number'], one.refusals.map(([endpoint, reason, number]) => [reason, endpoint, count(number)]), 'None since the receiver started.'),
  );
}

/**
 * @param {HTMLElement} place
 * @param {{health: *}} known
 */
export function health(place, known) {
  function figures(content) {
    if (!content) {
      put(place, make('p.empty', {}, 'Asking the receiver …'));
      return;
    }
    put(
      place,
      make('section', {}, make('div.bar', {}, make('h2', {}, 'Inbox'), make('p.quiet', {}, `receiver ${content.version}`)), inbox(content)),
      make('section', {}, make('div.bar', {}, make('h2', {}, 'Providers')), make('div.cards.wide', {}, ...content.providers.map((one) => provider(one, content.step)))),
    );
  }
  figures(known.health);
  return { figures };
}
