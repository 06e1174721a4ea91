/**
 * Times, numbers and sizes as people read them.
 */

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const number = new Intl.NumberFormat();

/** @param {number} value @returns {string} 12,345 */
export const count = (value) => number.format(value);

/**
 * @param {string|number|undefined} time
 * @returns {string} the time of today, else the day
 */
export function when(time) {
  const date = new Date(time);
  if (time === undefined || time === null || Number.isNaN(date.getTime())) return '';
  return new Date().toDateString() === date.toDateString() ? clock.format(date) : day.format(date);
}

/** @param {string|number} time @returns {string} day and time */
export function exactly(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : full.format(date);
}

/** @param {number} seconds @returns {string} `12 s`, `3 min`, `5 h`, `2 d` */
export function span(seconds) {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

/** @param {string|number} time @returns {string} how long ago */
export function ago(time) {
  const seconds = (Date.now() - new Date(time).getTime()) / 1000;
  return Number.isNaN(seconds) ? '' : `${span(seconds)} ago`;
}

/** @param {number} bytes @returns {string} */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1048576) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1048576).toFixed(1)} MiB`;
}

/** @param {string} text @param {number} [most] @returns {string} the beginning of an id */
export const short = (text, most = 8) => (text.length > most + 1 ? `${text.slice(0, most)}…` : text);

/** @param {string} text @param {number} [most] @returns {string} the end of an id, which often says more */
export const tail = (text, most = 12) => (text.length > most + 1 ? `…${text.slice(-most)}` : text);

/**
 * Text that is JSON, a member a line. Numbers and members stay as they are written: reading them would change the large
 * ones and drop those that stand there twice.
 * @param {string} json
 * @returns {string}
 */
export function indented(json) {
  let depth = 0;
  let before = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  const token = (text) => {
    const isEmpty = '{['.includes(before) && '}]'.includes(text);
    if ('}]'.includes(text)) depth -= 1;
    const lead = (('{['.includes(before) && before !== '') || before === ',' || '}]'.includes(text)) && !isEmpty ? line() : '';
    if ('{['.includes(text)) depth += 1;
    before = text;
    return `${lead}${text}${text === ':' ? ' ' : ''}`;
  };
  return (json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []).map(token).join('');
}
