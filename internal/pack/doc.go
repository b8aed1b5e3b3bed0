// Package pack reads a city pack: it turns a folder of YAML into a city.City,
// or into the complete list of what is wrong with it, each mistake with its
// file, line, a stable code and a way to mend it.
//
// The work goes in three steps, none of which stops at the first mistake:
//
//  1. readFiles and parse read the files and cut them into documents. Each
//     document is parsed on its own, so that a syntax error in one of them
//     leaves the others readable.
//  2. A reader matches every document with the specification (newSpec), which
//     says for each kind of document which keys it has, of which form, with
//     which default. The same specification makes the JSONSchema, so an editor
//     and the parser cannot disagree.
//  3. A builder makes the values of package city, kind by kind in the order in
//     which they depend on each other, and checks what one document says about
//     another: references, field types, units, time.
//
// A key with a mistake is absent from then on. The later steps skip what is
// absent, so that one mistake is reported once. A document with a mistake
// still declares its name, so that those who refer to it are not blamed.
//
// The format is described for authors in docs/pack-format.md.
package pack
