// Conditions as the address and the API write them: field=value, field=a|b for
// one of several, field!=value for none of them.

export interface Condition {
  field: string;
  not: boolean;
  values: string[];
}

/** conditionOf reads a condition; undefined when it is none. */
export function conditionOf(text: string): Condition | undefined {
  const at = text.indexOf('=');
  if (at < 1) return undefined;
  const not = text[at - 1] === '!';
  const field = text.slice(0, not ? at - 1 : at).trim();
  const values = text.slice(at + 1).split('|').filter((v) => v !== '');
  return field && values.length > 0 ? { field, not, values } : undefined;
}

/** textOf writes a condition. */
export function textOf(c: Condition): string {
  return `${c.field}${c.not ? '!' : ''}=${c.values.join('|')}`;
}

/** withValues puts the condition on a field among others; no values takes it away. */
export function withValues(where: string[], field: string, values: string[], not: boolean): string[] {
  const at = where.findIndex((w) => conditionOf(w)?.field === field);
  const rest = where.filter((w) => conditionOf(w)?.field !== field);
  if (values.length === 0) return rest;
  rest.splice(at < 0 ? rest.length : at, 0, textOf({ field, not, values }));
  return rest;
}

/** of gives the condition on a field. */
export function of(where: string[], field: string): Condition | undefined {
  return where.map(conditionOf).find((c) => c?.field === field);
}
