package progress

import (
	"bytes"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

// kind is a kind of file that may be handed in. Its content must begin as such
// files do, so that a name alone cannot pass a program off as a picture.
type kind struct {
	media string
	magic string // "" for text, which has none
}

// kinds are the files that offices hand in, by the end of the name. OFD is the
// format of GB/T 33190.
func kinds() map[string]kind {
	const office = "application/vnd.openxmlformats-officedocument."
	return map[string]kind{
		".pdf":  {"application/pdf", "%PDF-"},
		".ofd":  {"application/ofd", "PK\x03\x04"},
		".docx": {office + "wordprocessingml.document", "PK\x03\x04"},
		".xlsx": {office + "spreadsheetml.sheet", "PK\x03\x04"},
		".png":  {"image/png", "\x89PNG\r\n\x1a\n"},
		".jpg":  {"image/jpeg", "\xff\xd8\xff"},
		".jpeg": {"image/jpeg", "\xff\xd8\xff"},
		".txt":  {"text/plain", ""},
		".csv":  {"text/csv", ""},
	}
}

// Accepted lists the ends of names of files that may be handed in.
func Accepted() []string {
	return []string{".pdf", ".ofd", ".docx", ".xlsx", ".png", ".jpg", ".jpeg", ".txt", ".csv"}
}

// headBytes is how much of a file is looked at to know its kind.
const headBytes = 512

// kindOf recognises a file by the end of its name and its first bytes.
func kindOf(name string, head []byte) (kind, error) {
	k, ok := kinds()[strings.ToLower(path.Ext(name))]
	switch {
	case !ok:
		return k, city.Errorf(CodeFile, "files with such a name are not taken").At("file").WithHint("hand in one of %s", strings.Join(Accepted(), ", "))
	case len(head) == 0:
		return k, city.Errorf(CodeFile, "the file is empty").At("file")
	case !bytes.HasPrefix(head, []byte(k.magic)), k.magic == "" && bytes.IndexByte(head, 0) >= 0:
		return k, city.Errorf(CodeFile, "the file is not what the end of its name, %s, says", strings.ToLower(path.Ext(name))).At("file").WithHint("save it as such a file")
	}
	return k, nil
}

// fileName is the name that a file is kept under: without folders, and with
// the number of a person masked.
func fileName(name string) (string, error) {
	name = strings.TrimSpace(path.Base(strings.ReplaceAll(name, `\`, "/")))
	switch {
	case name == "" || name == "." || name == "/" || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", city.Errorf(CodeFile, "the file has no name that can be kept").At("file")
	case utf8.RuneCountInString(name) > longestFile:
		return "", city.Errorf(CodeFile, "the file's name is longer than %d characters", longestFile).At("file")
	}
	ext := path.Ext(name)
	return validate.MaskText(strings.TrimSuffix(name, ext)) + ext, nil
}
