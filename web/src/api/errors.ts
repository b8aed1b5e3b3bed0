// What may go wrong between the console and the server, in one type.
import type { Problem, Said } from './types';

/** ApiError is an answer that is not a success, or no answer (code "unreachable", status 0). */
export class ApiError extends Error {
  constructor(
    /** stable code of the server, for example invalid.header, or unreachable */
    readonly code: string,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** the field, line or row that it concerns; may be empty */
    readonly where = '',
    /** how to mend it; may be empty */
    readonly hint = '',
    /** what exactly is wrong, where it is more than one thing */
    readonly list: string[] = [],
    /** the same in Chinese, as far as the server has the words */
    readonly zh?: Said,
  ) {
    super(detail || title || code);
  }

  /** local says that the console itself made the error, in the reader's language. */
  get local(): boolean {
    return this.status === 0;
  }
}

/** problemOf reads a problem document; a body that is none gives its status alone. */
export function problemOf(status: number, body: string): ApiError {
  try {
    const p = JSON.parse(body) as Problem;
    return new ApiError(p.code ?? '', status, p.title ?? '', p.detail ?? '', p.where ?? '', p.hint ?? '', p.errors ?? [], p.zh);
  } catch {
    return new ApiError('', status, '', '');
  }
}

export async function problemFrom(response: Response): Promise<ApiError> {
  return problemOf(response.status, await response.text().catch(() => ''));
}

/** asApiError makes an ApiError of whatever was thrown. */
export function asApiError(cause: unknown): ApiError {
  return cause instanceof ApiError ? cause : new ApiError('', 0, '', String(cause));
}
