package duck

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// mostText is how many bytes of texts wait in an appender at most, but for one
// that is longer alone.
const mostText = 4 << 20

// appender adds rows to a table, a chunk at a time. It writes values straight
// into the memory of the chunk's columns: the driver's own appender looks up
// the type of every value, and calls into C for every text. It is used by one
// goroutine and must be closed.
type appender struct {
	handle  mapping.Appender
	chunk   mapping.DataChunk
	columns []column
	texts   []byte // of the rows in the chunk, those that are too long for their column's memory
	rows    int    // in the chunk
	room    int    // for rows in a chunk
}

// newAppender opens an appender to a temporary table. Texts of columns that
// have a dictionary are staged as its numbers.
func newAppender(conn mapping.Connection, table string, dict []*dictionary) (*appender, error) {
	a := &appender{room: int(mapping.VectorSize())}
	if mapping.AppenderCreateExt(conn, "temp", "main", table, &a.handle) == mapping.StateError {
		return nil, errors.Join(a.failure(), a.destroy())
	}
	types := make([]mapping.LogicalType, mapping.AppenderColumnCount(a.handle))
	a.columns = make([]column, len(types))
	var err error
	for i := range types {
		types[i] = mapping.AppenderColumnType(a.handle, mapping.IdxT(i))
		defer mapping.DestroyLogicalType(&types[i])
		if a.columns[i], err = newColumn(types[i]); err != nil {
			return nil, errors.Join(err, a.destroy())
		}
		if i < len(dict) {
			a.columns[i].dict = dict[i]
		}
	}
	a.chunk = mapping.CreateDataChunk(types)
	a.renew()
	return a, nil
}

// add adds a row: values, and whole numbers for the columns behind them. After
// an error the row is not there.
func (a *appender) add(values []any, numbers ...int64) error {
	if len(values)+len(numbers) != len(a.columns) {
		return fmt.Errorf("%d values for %d columns", len(values)+len(numbers), len(a.columns))
	}
	if a.rows == a.room || len(a.texts) >= mostText {
		if err := a.send(); err != nil {
			return err
		}
	}
	for i, v := range values {
		if err := a.set(&a.columns[i], v); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	for i, n := range numbers {
		if err := a.columns[len(values)+i].setLong(a.rows, n); err != nil {
			return fmt.Errorf("column %d: %w", len(values)+i+1, err)
		}
	}
	a.rows++
	return nil
}

func (a *appender) set(c *column, v any) (err error) {
	if s, ok := v.(string); ok && c.dict == nil {
		a.texts, err = c.setText(a.rows, s, a.texts)
		return err
	}
	return c.set(a.rows, v)
}

// send hands the chunk to DuckDB, which copies it. Only meanwhile does its
// memory point to the long texts, and they stay where they are.
func (a *appender) send() error {
	if a.rows == 0 {
		return nil
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	if len(a.texts) > 0 {
		pin.Pin(unsafe.SliceData(a.texts))
	}
	for i := range a.columns {
		a.columns[i].point(a.rows, a.texts)
	}
	mapping.DataChunkSetSize(a.chunk, mapping.IdxT(a.rows))
	var err error
	if mapping.AppendDataChunk(a.handle, a.chunk) == mapping.StateError {
		err = a.failure()
	}
	mapping.DataChunkReset(a.chunk)
	a.renew()
	return err
}

// renew begins an empty chunk.
func (a *appender) renew() {
	a.rows, a.texts = 0, a.texts[:0]
	for i := range a.columns {
		a.columns[i].renew(mapping.DataChunkGetVector(a.chunk, mapping.IdxT(i)), a.room)
	}
}

// close hands over what is left and ends the appender. The rows are in the
// table when it gives no error.
func (a *appender) close() error {
	err := a.send()
	if mapping.AppenderFlush(a.handle) == mapping.StateError {
		err = errors.Join(err, a.failure())
		mapping.AppenderClear(a.handle) // or it would try again
	}
	return errors.Join(err, a.destroy())
}

func (a *appender) destroy() error {
	mapping.DestroyDataChunk(&a.chunk)
	if mapping.AppenderDestroy(&a.handle) == mapping.StateError {
		return errors.New("the appender cannot be closed")
	}
	return nil
}

// failure is what DuckDB says went wrong, in the form of the driver.
func (a *appender) failure() error {
	data := mapping.AppenderErrorData(a.handle)
	defer mapping.DestroyErrorData(&data)
	e := &duckdb.Error{Msg: mapping.ErrorDataMessage(data)}
	switch mapping.ErrorDataErrorType(data) {
	case mapping.ErrorTypeInterrupt:
		e.Type = duckdb.ErrorTypeInterrupt
	case mapping.ErrorTypeErrorIO:
		e.Type = duckdb.ErrorTypeIO
	case mapping.ErrorTypeOutOfMemory:
		e.Type = duckdb.ErrorTypeOutOfMemory
	}
	return e
}
