/**
 * Elements, made without HTML: what an event says becomes text, whatever it is.
 */

/**
 * Makes an element.
 * @param {string} name its tag, and classes behind dots: `p.quiet`
 * @param {Object<string, *>} [properties] attributes; a function becomes a listener, `false` and `null` are left out
 * @param {...(Node|string|number|null|false|undefined)} children what is in it; texts stay texts
 * @returns {HTMLElement}
 */
export function make(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === 'function') element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  put(element, ...children);
  return element;
}

/**
 * Puts children in place of those that an element has.
 * @param {Element} element
 * @param {...(Node|string|number|null|false|undefined)} children
 */
export function put(element, ...children) {
  const kept = children.filter((child) => child !== null && child !== false && child !== undefined);
  element.replaceChildren(...kept.map((child) => (child instanceof Node ? child : String(child))));
}

/**
 * Sets a text, if it is another one: what did not change is not drawn again.
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A list of names and values.
 * @param {Array<[string, Node|string|number|null|undefined]>} pairs those without a value are left out
 * @returns {HTMLElement}
 */
export function pairs(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return make('dl.pairs', {}, ...known.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
}

/**
 * Runs something with the next picture, once for however many calls until then.
 * @param {() => void} draw
 * @returns {() => void}
 */
export function coalesced(draw) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      draw();
    });
  };
}
