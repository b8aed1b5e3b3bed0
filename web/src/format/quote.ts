// How a quotation is shown. The pack keeps it exactly as the document has it,
// with line breaks in the middle of words and <sub> or <sup> as plain text;
// people want to read it as it was printed.

/** A run of a quotation: ordinary text, or text set below or above the line. */
export interface Run {
  tag: 'span' | 'sub' | 'sup';
  text: string;
}

const MARK = /<(sub|sup)>([^<]*)<\/\1>/g;

/** runs splits a quotation; anything else that looks like a tag stays text. */
export function runs(quote: string): Run[] {
  const whole = joinLines(quote);
  const out: Run[] = [];
  let from = 0;
  for (const m of whole.matchAll(MARK)) {
    if (m.index > from) out.push({ tag: 'span', text: whole.slice(from, m.index) });
    out.push({ tag: m[1] as Run['tag'], text: m[2] ?? '' });
    from = m.index + m[0].length;
  }
  if (from < whole.length) out.push({ tag: 'span', text: whole.slice(from) });
  return out;
}

// Chinese has no spaces between words: a line break there is none of the
// author's. Between Latin letters and digits it stands for a space.
function joinLines(text: string): string {
  return text.replace(/\s*\n\s*/g, (gap, at: number) => {
    const ascii = (c: string | undefined) => c !== undefined && c.charCodeAt(0) < 128;
    return ascii(text[at - 1]) && ascii(text[at + gap.length]) ? ' ' : '';
  });
}
