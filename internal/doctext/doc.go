// Package doctext turns an official document into text: plain text in UTF-8 or
// GB18030, .docx, and PDF that holds text. It keeps which page each character
// stands on. It neither joins lines nor tells furniture apart: that is reading,
// and belongs to internal/plantext.
//
// A document comes from outside, so everything is bounded: the bytes of the
// file, what a packed part may unpack to, the depth of its XML, the number of
// pages, the length of the text, and the time that PDF may take. PDF is read by
// pdfium in a WebAssembly machine that sees neither files nor network, started
// for one document and closed behind it. Only the program that such a machine
// runs, translated into that of the processor, is kept from one to the next.
package doctext
