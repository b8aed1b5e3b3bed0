// What the server tells without being asked: deliveries as they land.
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
  close: () => void;
}

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

/** connect opens the stream. The browser reconnects by itself; after a gap everything is asked again. */
export function connect(source: Pick<EventSource, 'addEventListener' | 'close'>): Live {
  const connected = ref(false);
  const deliveries = listeners<[Receipt]>();
  const changes = listeners<[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lost = false;

  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(changes.tell, SETTLE_MS);
  };
  source.addEventListener('open', () => {
    connected.value = true;
    if (lost) changed();
    lost = false;
  });
  source.addEventListener('error', () => {
    connected.value = false;
    lost = true;
  });
  source.addEventListener('resync', changed);
  source.addEventListener('delivery', (event) => {
    try {
      deliveries.tell(parseReceipt((event as MessageEvent<string>).data));
    } finally {
      changed();
    }
  });
  return {
    connected,
    onDelivery: deliveries.add,
    onChange: changes.add,
    close: () => {
      clearTimeout(timer);
      source.close();
    },
  };
}

export const liveKey: InjectionKey<Live> = Symbol('live');

/** useLive calls reload after every burst of events, for as long as the component lives. */
export function useLive(reload?: () => void): Live {
  const live = inject(liveKey);
  if (!live) throw new Error('useLive: the app provides no live stream');
  if (reload) onScopeDispose(live.onChange(reload));
  return live;
}
