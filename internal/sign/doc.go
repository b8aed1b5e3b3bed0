// Package sign signs JSON documents with SM2 and checks such signatures:
// manifests that senders sign, and receipts that the city signs.
//
// # What is signed
//
// A signature is the member "signature" of the document that it covers:
//
//	{"algorithm": "SM2-with-SM3", "key_id": "…", "value": "…"}
//
// It covers the canonical form of the document without that member, so that
// white space, the order of members and the way in which characters are escaped
// do not matter. The canonical form is that of RFC 8785 but for numbers, which
// stay as they are written, and for the order of members, which is that of
// their names' Unicode characters. In detail:
//
//   - UTF-8, no byte order mark, no white space between tokens;
//   - members sorted by the bytes of their names in UTF-8;
//   - in texts and names \" and \\ are escaped, and the control characters below
//     U+0020: \b \t \n \f \r by letter, the others as \u00xx with small
//     hexadecimal digits; every other character stands for itself;
//   - numbers as they are written, for example 1.50 and not 1.5;
//   - true, false and null.
//
// A document that has a member twice, text that is no Unicode, or more than
// 100 levels has no canonical form and cannot be signed. In Python the
// canonical form of documents like ours is
//
//	json.dumps(doc, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
//
// # How it is signed
//
// SM2 with SM3 (GB/T 32918.2-2016) and the user ID 1234567812345678, which
// GM/T 0009-2012 gives for signers that have no other; the value is the DER
// form of (r, s) in base 64. Keys are PEM: private ones PKCS #8, public ones
// SubjectPublicKeyInfo. The ID of a key is the first 16 hexadecimal digits of
// the SM3 of the public key's DER form.
package sign
