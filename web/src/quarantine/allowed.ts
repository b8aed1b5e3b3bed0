// What a field takes, as a hint for who has to mend its value.
import type { DatasetField } from '@/api/types';

/** Hint is one thing to know of a field; its words are under "allowed" in the texts. */
export type Hint =
  | { kind: 'type'; type: string }
  | { kind: 'between'; min: string; max: string }
  | { kind: 'atLeast'; min: string }
  | { kind: 'atMost'; max: string }
  | { kind: 'length'; n: number }
  | { kind: 'decimals'; n: number }
  | { kind: 'pattern'; pattern: string }
  | { kind: 'written'; examples: string[] }
  | { kind: 'empty' };

/** The moment that layouts are shown by: 08:30 on 31 October 2024, part by part. */
const PARTS: Record<string, string> = { 2006: '2024', '06': '24', '01': '10', 1: '10', '02': '31', 2: '31', 15: '08', '04': '30', '05': '00' };

/** example writes a moment in one of Go's layouts: 2006-01-02 as 2024-10-31. */
export function example(layout: string): string {
  return layout.replace(/2006|06|01|02|15|04|05|1|2/g, (part) => PARTS[part] ?? part);
}

/** hintsOf lists what is known of a field, the most telling first. */
export function hintsOf(f: DatasetField): Hint[] {
  const out: Hint[] = [{ kind: 'type', type: f.type }];
  if (f.min !== undefined && f.max !== undefined) out.push({ kind: 'between', min: String(f.min), max: String(f.max) });
  else if (f.min !== undefined) out.push({ kind: 'atLeast', min: String(f.min) });
  else if (f.max !== undefined) out.push({ kind: 'atMost', max: String(f.max) });
  if (f.max_length) out.push({ kind: 'length', n: f.max_length });
  if (f.scale) out.push({ kind: 'decimals', n: f.scale });
  if (f.pattern) out.push({ kind: 'pattern', pattern: f.pattern });
  if (f.formats?.length) out.push({ kind: 'written', examples: f.formats.map(example) });
  if (f.optional) out.push({ kind: 'empty' });
  return out;
}
