/**
 * HPE GreenLake: what the audit log says, which subscriptions end soon, and services.
 */
import { make } from './dom.js';
import { span, when } from './format.js';
import { newest, table, tables } from './table.js';

const provider = 'greenlake';

function left(tile) {
  const seconds = Number(tile.fields.ends) - Date.now() / 1000;
  if (!tile.fields.ends || Number.isNaN(seconds)) return tile.fields.expiry ?? '';
  const text = seconds < 0 ? `ended ${span(-seconds)} ago` : `in ${span(seconds)}`;
  return make('span.badge', { 'data-level': seconds < 0 ? 'bad' : seconds < 30 * 86400 ? 'warn' : 'fine' }, text);
}

/** @param {HTMLElement} section */
export const greenlake = (section) =>
  tables(section, 'HPE GreenLake', [
    table({
      provider,
      kind: 'subscription',
      title: 'Subscriptions that end',
      most: 100,
      order: (a, b) => Number(a.fields.ends ?? Infinity) - Number(b.fields.ends ?? Infinity) || newest(a, b),
      columns: [
        ['Key', (tile) => tile.id],
        ['Ends', left],
        ['Tier', (tile) => tile.fields.tier ?? ''],
        ['SKU', (tile) => tile.fields.sku ?? ''],
        ['Number', (tile) => tile.fields.quantity ?? ''],
      ],
    }),
    table({
      provider,
      kind: 'audit',
      title: 'Audit log',
      most: 50,
      order: newest,
      columns: [
        ['When', (tile) => when(tile.last)],
        ['Who', (tile) => tile.fields.user ?? ''],
        ['Category', (tile) => tile.fields.category ?? ''],
        ['What', (tile) => tile.fields.text ?? ''],
      ],
    }),
    table({
      provider,
      kind: 'service',
      title: 'Services',
      most: 50,
      order: newest,
      columns: [
        ['Service', (tile) => tile.id],
        ['Status', (tile) => tile.fields.status ?? ''],
        ['Region', (tile) => tile.fields.region ?? ''],
      ],
    }),
  ]);
