// What the server tells without being asked: deliveries as they land or are taken back.
import { inject, onScopeDispose, ref, type InjectionKey, type Ref } from 'vue';
import { parseReceipt } from '@/api/client';
import type { Receipt } from '@/api/types';

/** Quiet time after an event before pages ask again, so that a burst of deliveries costs one request. */
const SETTLE_MS = 400;

/** Live is the stream of events, shared by all pages. */
export interface Live {
  connected: Ref<boolean>;
  /** onDelivery hears every receipt at once. */
  onDelivery: (listener: (receipt: Receipt) => void) => () => void;
  /** onChange hears, once per burst, that figures may have changed. */
  onChange: (listener: () => void) => () => void;
  /** pause gives the connection back; resume opens it again and asks for what was missed. */
  pause: () => void;
  resume: () => void;
}

/** Stream is what is used of an EventSource. */
type Stream = Pick<EventSource, 'addEventListener' | 'close'>;

function listeners<A extends unknown[]>() {
  const set = new Set<(...args: A) => void>();
  return {
    add: (f: (...args: A) => void) => {
      set.add(f);
      return () => void set.delete(f);
    },
    tell: (...args: A) => set.forEach((f) => f(...args)),
  };
}

/**
 * connect opens the stream. The browser reconnects by itself; after a gap
 * everything is asked again. A browser keeps only six connections to a server,
 * so that a hidden tab must pause, or the seventh tab would hang.
 */
export function connect(open: () => Stream): Live {
  const connected = ref(false);
  const deliveries = listeners<[Receipt]>();
  const changes = listeners<[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stream: Stream | undefined;
  let lost = false; // events may have been missed since the last connection

  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(changes.tell, SETTLE_MS);
  };
  const landed = (event: Event) => {
    try {
      deliveries.tell(parseReceipt((event as MessageEvent<string>).data));
    } finally {
      changed();
    }
  };
  const gone = () => {
    connected.value = false;
    lost = true;
  };
  const here = () => {
    connected.value = true;
    if (lost) changed();
    lost = false;
  };
  const resume = () => {
    if (stream) return;
    stream = open();
    stream.addEventListener('open', here);
    stream.addEventListener('error', gone);
    stream.addEventListener('resync', changed);
    stream.addEventListener('rollback', changed);
    stream.addEventListener('progress', changed);
    stream.addEventListener('alerts', changed);
    stream.addEventListener('board', changed);
    stream.addEventListener('delivery', landed);
  };
  const pause = () => {
    clearTimeout(timer);
    stream?.close();
    stream = undefined;
    gone();
  };
  resume();
  return { connected, onDelivery: deliveries.add, onChange: changes.add, pause, resume };
}

export const liveKey: InjectionKey<Live> = Symbol('live');

/** useLive calls reload after every burst of events, for as long as the component lives. */
export function useLive(reload?: () => void): Live {
  const live = inject(liveKey);
  if (!live) throw new Error('useLive: the app provides no live stream');
  if (reload) onScopeDispose(live.onChange(reload));
  return live;
}
