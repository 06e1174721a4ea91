/**
 * The stream of changes. The browser resumes it by itself after a short break; after a longer one, or when the receiver
 * was restarted, the whole is asked for again. Changes that come while that is on its way wait for it.
 */
import { whole } from './api.js';

/** How long to wait before a stream that was refused is made anew. */
const PAUSE = 2000;

/**
 * @param {{loaded: (whole: *) => void, changed: (changes: *) => void, state: (name: string) => void,
 *   failed: (text: string) => void}} to
 */
export function follow(to) {
  let waiting = null;
  let source = null;
  let round = 0;

  async function load() {
    const mine = ++round;
    waiting = [];
    try {
      const content = await whole();
      if (mine !== round) return;
      to.loaded(content);
      const missed = waiting;
      waiting = null;
      missed.forEach(to.changed);
      to.state('live');
    } catch (error) {
      if (mine !== round) return;
      to.failed(error.message);
      setTimeout(() => mine === round && load(), PAUSE);
    }
  }

  function open() {
    source = new EventSource('/api/page/stream');
    source.addEventListener('hello', (message) => {
      if (!JSON.parse(message.data).resumed) load();
      else if (!waiting) to.state('live');
    });
    source.addEventListener('message', (message) => {
      const changes = JSON.parse(message.data);
      if (waiting) waiting.push(changes);
      else to.changed(changes);
      // While the whole does not come, what waits for it must not grow without end.
      if (waiting && waiting.length > 400) load();
    });
    source.addEventListener('error', () => {
      to.state('reconnecting');
      if (source.readyState !== EventSource.CLOSED) return;
      // The browser gives up when it was answered with a fault.
      setTimeout(open, PAUSE);
    });
  }

  open();
}
