// Arithmetic on decimals as text. Money never passes through a floating-point
// number, which would lose the cents that a receipt is there to account for.

/** scaled reads a decimal as whole units of its last place; undefined when it is none. */
function scaled(text: string, places: number): bigint | undefined {
  const m = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (!m) return undefined;
  const value = BigInt((m[2] ?? '') + (m[3] ?? '').padEnd(places, '0'));
  return m[1] === '-' ? -value : value;
}

const placesOf = (text: string): number => (text.split('.')[1] ?? '').length;

/** sumsUp says whether the parts add up to the whole exactly; false when one of them is no decimal. */
export function sumsUp(whole: string, parts: string[]): boolean {
  const places = Math.max(...[whole, ...parts].map(placesOf));
  const values = parts.map((p) => scaled(p, places));
  if (values.some((v) => v === undefined)) return false;
  return scaled(whole, places) === values.reduce<bigint>((sum, v) => sum + (v ?? 0n), 0n);
}

/** same says whether two decimals are one number: 12.5 and 12.50 are. */
export function same(a: string, b: string): boolean {
  return sumsUp(a, [b]);
}

/** money sets thousands apart and leaves the decimals as they are, with a real minus sign. */
export function money(text: string): string {
  const [whole = '', decimals] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',').replace('-', '−');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}
