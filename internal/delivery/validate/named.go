package validate

import "github.com/jinyang-city/jinyang/internal/city"

// BindNamed fits the checker to a file whose form names its columns, such as
// Parquet: the header is never taken for a row, and column positions are not
// used whatever the dataset declares. Errors are those of Bind.
func (k *Checker) BindNamed(header [][]byte) (*Binding, error) {
	b, found := k.byName(header)
	if found == 0 {
		return nil, city.Errorf("invalid.header", "the columns of the file have none of the declared names: %s", quoted(k.sourceNames())).
			WithHint("ask the sender, or add their names to fields in %s", k.ds.Pos)
	}
	return b, k.checkHeader(b, header)
}
