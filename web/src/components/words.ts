// What went wrong, in words: the console's own where it has them, else the
// server's.
import type { ApiError } from '@/api/errors';
import type { Dataset, Said } from '@/api/types';
import { useLang } from '@/i18n';

/**
 * useReasonWords gives a function that words why rows were held back. The server's
 * message has one language: the code says it where it is known, and a code of the
 * pack's own by the kind and the fields of its check in the datasets given.
 */
export function useReasonWords(): (code: string, message?: string, datasets?: Dataset[]) => string {
  const { t, te, text } = useLang();
  return (code, message = '', datasets = []) => {
    if (te(`reason.${code}`)) return t(`reason.${code}`);
    const found = datasets.flatMap((d) => d.checks.filter((c) => c.code === code).map((c) => ({ dataset: d, check: c })));
    const [first] = found;
    if (!first || !te(`check.${first.check.kind}`)) return message || code;
    const kind = t(`check.${first.check.kind}`);
    if (found.length > 1 || first.check.fields.length === 0) return kind;
    const titles = first.check.fields.map((f) => text(first.dataset.fields.find((x) => x.name === f)?.title) || f);
    return t('check.of', { kind, fields: titles.join(t('app.listJoin')) });
  };
}

/** ErrorParts is an error in words. */
export interface ErrorParts {
  what: string;
  /** the parameter, field, row or file; '' when what says it, or there is none */
  where: string;
  /** how to mend it; may be empty */
  hint: string;
  list: string[];
  /** the server's own words, where the reader's are others; '' when there are no more to show */
  technical: string;
}

/**
 * useErrorParts gives a function that words an error in the reader's language:
 * by the server's sentence where it has one in it, else by what its code says.
 */
export function useErrorParts(): (error: ApiError) => ErrorParts {
  const { t, te, lang } = useLang();
  return (error) => {
    const kind = `errors.${error.code.split('.')[0]}`;
    const known = error.code !== '' && te(kind) ? t(kind) : t('errors.unknown', { status: error.status });
    const own = lang() === 'en' || error.local;
    const said: Said = own ? { detail: error.detail, hint: error.hint, errors: error.list } : (error.zh ?? { detail: '' });
    const what = said.detail || (own && error.title) || known;
    const list = (said.errors ?? []).filter((m) => m !== what);
    const technical = own || error.detail === '' ? '' : [`${error.code} ${error.status}`, error.detail, error.hint, ...error.list].filter(Boolean).join(' · ');
    return { what, where: error.where && !what.includes(error.where) ? placeOf(error.where) : '', hint: said.hint && !what.includes(said.hint) ? said.hint : '', list, technical };
  };

  /** The framework names the part of the request before the parameter. */
  function placeOf(where: string): string {
    const [, part, name] = /^(query|path|body|header)\.(.+)$/.exec(where) ?? [];
    return part && name ? t(`errors.part.${part}`, { name }) : where;
  }
}
