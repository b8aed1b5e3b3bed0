// Figures as the console prints them: the same digits in both languages, with
// a real minus sign.

/** MISSING stands where there is no value; it is never left to a reader to guess a zero. */
export const MISSING = '—';

/** figure rounds half away from zero to the given decimals and groups thousands. */
export function figure(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const text = new Intl.NumberFormat('en-US', digits).format(value);
  return /[1-9]/.test(text) ? text.replace('-', '−') : text.replace('-', ''); // what rounds to nothing has no sign
}

/** grouped sets thousands apart in the whole numbers of a text that has been rounded already, and writes a real minus sign. */
export function grouped(text: string): string {
  return text.replace(/^-/, '−').replace(/(?<![\d.])\d{4,}/g, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ','));
}

/** places counts the decimals of a text that the server rounded, so that its neighbours can be rounded alike. */
export function places(text: string, otherwise: number): number {
  return text ? (text.split('.')[1] ?? '').length : otherwise;
}

/** signed is a figure that shows its sign, for changes and distances. */
export function signed(value: number | null | undefined, decimals = 1): string {
  const text = figure(value, decimals);
  if (value === null || value === undefined || text === MISSING) return text;
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** percent is a change or share that already counts in percent. */
export function percent(value: number | null | undefined, decimals = 1): string {
  const text = figure(value, decimals);
  return text === MISSING ? text : `${text}%`;
}

/** chance is a probability in whole percent; one that is not certain never reads as certain. */
export function chance(p: number | null | undefined): string {
  if (p === null || p === undefined) return MISSING;
  if (p < 1 && p >= 0.995) return '>99%';
  if (p > 0 && p < 0.005) return '<1%';
  return `${figure(100 * p)}%`;
}

/** The largest value of an axis from which its labels are shortened. */
const LONG = 1e6;

/** compact labels an axis that reaches to top: up to a million in full, beyond as 294万 or 2.94M. */
export function compact(value: number, top: number, lang: string): string {
  const locale = lang === 'en' ? 'en-US' : 'zh-CN';
  if (top < LONG) return figure(value, decimalsOf(value));
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

function decimalsOf(value: number): number {
  if (Number.isInteger(value)) return 0;
  return Math.abs(value) < 1 ? 2 : 1;
}
