// One request to the server, whatever it asks for.
import { ref } from 'vue';
import { ApiError, problemFrom } from './errors';

const BASE = '/api/v1';

/** reachable turns false when a request gets no answer, and true with the next answer. */
export const reachable = ref(true);

type Params = Record<string, string | number | string[] | undefined>;

/** url builds an address below the API's root; empty parameters are left out. */
export function url(path: string[], params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined || value === '') continue;
    for (const v of Array.isArray(value) ? value : [value]) query.append(key, String(v));
  }
  const q = query.toString();
  return `${BASE}/${path.map(encodeURIComponent).join('/')}${q ? `?${q}` : ''}`;
}

async function ask<T>(address: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    reachable.value = false;
    throw new ApiError('unreachable', 0, '', '');
  }
  // A proxy in front of a stopped server answers with a page of its own.
  const gateway = response.status >= 502 && response.status <= 504;
  reachable.value = !gateway || (response.headers.get('Content-Type') ?? '').includes('json');
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as T;
}

/** get reads. */
export function get<T>(address: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(address, { signal, headers: { Accept: 'application/json' } });
}

/** post changes something; it is never aborted, for its answer says what was done. */
export function post<T>(address: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return ask<T>(address, { method: 'POST', headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

/** list makes a list of what Go may write as null. */
export const list = <T>(value: T[] | null | undefined): T[] => value ?? [];
