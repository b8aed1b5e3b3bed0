// Package docx writes word-processing documents (ECMA-376, Office Open XML) in
// the manner of Chinese official documents: it knows paragraphs in a few styles,
// tables with a header row that repeats on each page, native charts with cached
// values, endnotes with cross-references, a header and a page number.
//
// It is a writer in the small and knows nothing of what the documents say. The
// same Document gives the same bytes: the times of the archive are fixed, and
// parts are written in a fixed order.
//
// Page and type follow GB/T 9704-2012 as closely as a table allows: A4 with
// margins of 37, 35, 28 and 26 mm, the title in 小标宋 22 pt, text in 仿宋 16 pt
// with lines of 28 pt, headings in 黑体, 楷体 and bold 仿宋. The fonts are named,
// not embedded; the font table names what stands in for each where it is missing.
package docx
