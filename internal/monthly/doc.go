// Package monthly makes the document that a bureau circulates each month out of
// a template of the pack and the answers of the services.
//
// The result is a Document: headings, paragraphs, tables and charts in one
// language, which package export writes as DOCX and XLSX and the console shows
// as a page. It knows no SQL and computes no indicator: every figure is an
// answer of packages analysis, explore and ledger to the same principal, so that
// a figure of the document and one on a page never differ.
//
// No number stands without its source. A figure is written together with the
// numbers of its notes, and a note names dataset, snapshot, the day up to which
// deliveries are complete and the version of the definition. What has no figure
// says so in words: provisional, withheld, no data.
//
// The same template, month, language and state of the data make the same
// Document; it holds no time of its making, only the day that the city stands at.
package monthly
