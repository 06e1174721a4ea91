/**
 * The stream of changes. The browser resumes it by itself after a short break; after a longer one, or when the receiver
 * was restarted, the whole is asked for again. Changes that come while that is on its way wait for it.
 */
import { whole } from './api.js';

/** How long to wait before a stream that was refused is made anew. */
const PAUSE = 2000;

/**
 * @param {{loaded: (whole: *) => void, changed: (changes: *) => void, state: (name: string) => void,
 *   failed: (text: string, state?: string) => void}} to
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

  /** Shows what can be asked for without a stream, which also leads to the login if that is what is missing. */
  async function refused() {
    const mine = ++round;
    waiting = null;
    try {
      const content = await whole();
      if (mine === round) {
        to.loaded(content);
        to.failed('The receiver refuses another stream, perhaps because too many pages are open. This one tries again.', 'not live');
      }
    } catch (error) {
      if (mine === round) to.failed(error.message);
    }
    setTimeout(open, PAUSE);
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
      // The browser gives up when it was answered with a fault.
      if (source.readyState === EventSource.CLOSED) refused();
    });
  }

  open();
}
