package validate

// Texts gives the texts of a record by the field that each is read for. It says
// no when the record has other columns than the header.
func (b *Binding) Texts(fields [][]byte) (texts map[string]string, ok bool) {
	if len(fields) != b.width {
		return nil, false
	}
	texts = map[string]string{}
	for i, f := range b.k.ds.Fields {
		if c := b.column[i]; c >= 0 {
			texts[f.Name] = string(fields[c])
		} else if b.parts[i] != nil {
			texts[f.Name] = string(b.together(fields, i))
		}
	}
	return texts, true
}

// MaskText gives a text that somebody wrote fit to be kept and shown: what may
// be an ID, bank or telephone number in it keeps only its ends.
func MaskText(text string) string { return maskNumbers([]byte(text)) }
