package city

// The columns that an error file has beside those of the sender. A file that
// comes back with them is read as if they were not there, unless its dataset
// declares columns of these names.
const (
	ErrorCodeColumn    = "错误代码" // the reason code
	ErrorMessageColumn = "错误说明" // the reason in words
	// ErrorTextColumn holds a line of JSON Lines that is no object, to which
	// the others cannot be added.
	ErrorTextColumn = "错误原文"
)

// ErrorColumns lists the columns of an error file.
func ErrorColumns() []string {
	return []string{ErrorCodeColumn, ErrorMessageColumn, ErrorTextColumn}
}
