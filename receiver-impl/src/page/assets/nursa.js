/**
 * Nursa: facilities, and what becomes of their shifts.
 */
import { make } from './dom.js';
import { when } from './format.js';
import { newest, table, tables } from './table.js';

const provider = 'nursa';
const LEVELS = { scheduled: 'fine', accepted: 'fine', cancelled: 'off', rejected: 'bad', requested: 'warn' };

const badge = (text) => (text ? make('span.badge', { 'data-level': LEVELS[text] ?? 'off' }, text) : '');

function hours({ fields }) {
  if (!fields.from) return '';
  return fields.to ? `${when(fields.from)} – ${when(fields.to)}` : when(fields.from);
}

/** @param {HTMLElement} section */
export const nursa = (section) =>
  tables(section, 'Nursa', [
    table({
      provider,
      kind: 'shift',
      title: 'Shifts',
      most: 100,
      order: newest,
      columns: [
        ['Shift', (tile) => tile.id],
        ['State', (tile) => badge(tile.fields.state)],
        ['Facility', (tile) => tile.fields.facility ?? ''],
        ['Licence', (tile) => tile.fields.license ?? ''],
        ['Hours', hours],
        ['Who', (tile) => [tile.fields['first-name'], tile.fields['last-name']].filter(Boolean).join(' ')],
        ['Last event', (tile) => when(tile.last)],
      ],
    }),
    table({
      provider,
      kind: 'facility',
      title: 'Facilities',
      most: 100,
      order: newest,
      columns: [
        ['Facility', (tile) => tile.fields.name ?? tile.id],
        ['Connection', (tile) => badge(tile.fields.connection)],
        ['Creation', (tile) => badge(tile.fields.creation)],
        ['Last event', (tile) => when(tile.last)],
      ],
    }),
  ]);
