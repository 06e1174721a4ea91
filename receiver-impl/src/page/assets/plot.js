/**
 * A small plot of counts over the last hour, as SVG.
 */

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 480;
const HEIGHT = 72;

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** The area below counts. */
function area(counts, most) {
  const step = WIDTH / counts.length;
  const y = (count) => (HEIGHT - (count / most) * (HEIGHT - 2)).toFixed(1);
  const points = counts.map((count, place) => `${(place * step).toFixed(1)},${y(count)} ${((place + 1) * step).toFixed(1)},${y(count)}`);
  return `M0,${HEIGHT} L${points.join(' ')} L${WIDTH},${HEIGHT} Z`;
}

/**
 * @param {Array<{name: string, counts: Array<number>}>} series drawn one over the other, on one scale
 * @param {string} label what it shows, for those who do not see it
 */
export function plot(series, label) {
  const most = Math.max(1, ...series.flatMap((one) => one.counts));
  const svg = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label, class: 'plot' });
  for (const part of [0.25, 0.5, 0.75]) {
    svg.append(shape('line', { x1: 0, x2: WIDTH, y1: HEIGHT * part, y2: HEIGHT * part, class: 'grid' }));
  }
  for (const one of series) svg.append(shape('path', { d: area(one.counts, most), class: one.name }));
  return svg;
}
