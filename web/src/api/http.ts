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

async function answer(address: string, init: RequestInit): Promise<Response> {
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
  return response;
}

async function ask<T>(address: string, init: RequestInit): Promise<T> {
  const response = await answer(address, init);
  return (response.status === 204 ? undefined : await response.json()) as T; // 204: done, and nothing to say
}

/** get reads. */
export function get<T>(address: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(address, { signal, headers: { Accept: 'application/json' } });
}

/** send is a request with a body, which changes something: it is never aborted, for its answer says what was done. */
function send(method: string, body: unknown, accept = 'application/json'): RequestInit {
  const headers: Record<string, string> = { Accept: accept };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
}

/** post changes something. */
export function post<T>(address: string, body?: unknown): Promise<T> {
  return ask<T>(address, send('POST', body));
}

/** hand changes something with a form or a file. */
export function hand<T>(address: string, body: FormData | Blob): Promise<T> {
  return ask<T>(address, { method: 'POST', headers: { Accept: 'application/json' }, body });
}

/** put replaces something. */
export function put<T>(address: string, body: unknown): Promise<T> {
  return ask<T>(address, send('PUT', body));
}

/** patch changes a part of something. */
export function patch<T>(address: string, body: unknown): Promise<T> {
  return ask<T>(address, send('PATCH', body));
}

/** del takes something away. */
export function del(address: string): Promise<void> {
  return ask<void>(address, send('DELETE', undefined));
}

/** inquire reads with a question too long for an address; unlike a change it may be aborted. */
export function inquire<T>(address: string, question: unknown, signal?: AbortSignal): Promise<T> {
  return ask<T>(address, { ...send('POST', question), signal });
}

/** inquireFile reads a file with a question; its name is the one that the server gives it. */
export async function inquireFile(address: string, question: unknown): Promise<{ name: string; content: Blob }> {
  const response = await answer(address, send('POST', question, '*/*'));
  const given = /filename="?([^";]+)"?/.exec(response.headers.get('Content-Disposition') ?? '');
  return { name: given?.[1] ?? '', content: await response.blob() };
}

/** list makes a list of what Go may write as null. */
export const list = <T>(value: T[] | null | undefined): T[] => value ?? [];
