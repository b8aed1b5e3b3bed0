package duck

import (
	"reflect"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/jinyang-city/jinyang/internal/city"
)

// rawConnection gives the handle of DuckDB's C interface that a connection of
// the driver stands for. An appender that takes whole chunks needs it, because
// the temporary table that it fills belongs to that connection, and the driver
// keeps it in a field that is not exported. The field is read, never written;
// Open tries it once, so that a driver that keeps it elsewhere fails there.
func rawConnection(driverConn any) (mapping.Connection, error) {
	conn, ok := driverConn.(*duckdb.Conn)
	if !ok || conn == nil {
		return mapping.Connection{}, otherDriver()
	}
	handle := reflect.ValueOf(conn).Elem().FieldByName("conn")
	if !handle.IsValid() || handle.Type() != reflect.TypeFor[mapping.Connection]() {
		return mapping.Connection{}, otherDriver()
	}
	raw := mapping.Connection{Ptr: handle.FieldByName("Ptr").UnsafePointer()}
	if raw.Ptr == nil {
		return raw, city.Errorf(city.CodeInternal, "the engine's connection is closed")
	}
	return raw, nil
}

func otherDriver() error {
	return city.Errorf(city.CodeInternal, "the engine's driver does not keep its connection where this program looks for it").
		WithHint("build with the version of duckdb-go that go.mod names")
}
