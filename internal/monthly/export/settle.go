package export

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// contentTypes is the part that lists what the others are.
const contentTypes = "[Content_Types].xml"

// declared is one element of the list, which has no children.
var declared = regexp.MustCompile(`<(?:Override|Default)\b[^>]*?(?:/>|></(?:Override|Default)>)`)

// settled gives a workbook as bytes that are the same for the same workbook: the
// library writes the list of types in the order of a map.
func settled(f *excelize.File) ([]byte, error) {
	raw, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	in, err := zip.NewReader(bytes.NewReader(raw.Bytes()), int64(raw.Len()))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		if err := settlePart(w, part); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func settlePart(w *zip.Writer, part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if part.Name == contentTypes {
		data = sortTypes(data)
	}
	to, err := w.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = to.Write(data)
	return err
}

// sortTypes puts the elements of the list into their alphabetical order.
func sortTypes(data []byte) []byte {
	list := declared.FindAll(data, -1)
	at := declared.FindIndex(data)
	if at == nil {
		return data
	}
	slices.SortFunc(list, bytes.Compare)
	rest := declared.ReplaceAll(data, nil)
	return slices.Concat(rest[:at[0]], bytes.Join(list, nil), rest[at[0]:])
}
