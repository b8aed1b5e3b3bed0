// Tables as CSV that a spreadsheet opens as it is.

/** A byte order mark, without which Excel reads UTF-8 as the local code page. */
const BOM = '\uFEFF';

/** cell quotes a value, and takes the power from one that a spreadsheet would run as a formula. */
function cell(value: string | number | null | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** csv writes rows with CRLF line ends, as RFC 4180 asks. */
export function csv(rows: (string | number | null | undefined)[][]): string {
  return BOM + rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}

/** fetchFile has the browser save what stands at an address of the server. */
export function fetchFile(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}

/** download hands text to the browser as a file. */
export function download(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  save(name, new Blob([text], { type }));
}

/** save hands what the page holds to the browser as a file. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
