// Sentences that the server keeps in English, in Chinese: of receipts, which
// are signed as they are, of sources, of messages that did not arrive. Each is
// asked for once; those of one moment are asked for together.
import { shallowReactive } from 'vue';
import { sayInChinese } from '@/api/client';

const MOST = 200; // that the server takes at once

/** sayings keeps sentences and what they are in Chinese: '' while it is asked for, and where there are no words. */
export function sayings(ask: (sentences: string[]) => Promise<string[]>): (sentence: string) => string {
  const known = shallowReactive(new Map<string, string>());
  let waiting: string[] = [];

  async function send(): Promise<void> {
    const sentences = waiting;
    waiting = [];
    for (let at = 0; at < sentences.length; at += MOST) {
      const some = sentences.slice(at, at + MOST);
      try {
        const said = await ask(some);
        some.forEach((s, i) => known.set(s, said[i] ?? ''));
      } catch {
        // The English stays; it is asked for again when the page is opened anew.
      }
    }
  }

  return (sentence) => {
    const said = known.get(sentence);
    if (said !== undefined || sentence === '') return said ?? '';
    known.set(sentence, '');
    if (waiting.push(sentence) === 1) queueMicrotask(() => void send());
    return '';
  };
}

export const inChinese = sayings(sayInChinese);
