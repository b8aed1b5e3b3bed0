package lake

import (
	"context"
	"errors"
	"fmt"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	"github.com/apache/iceberg-go/table"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The columns that every table has after the declared ones.
const (
	ColumnDelivery = "_delivery" // ID of the delivery that wrote the row
	ColumnRow      = "_row"      // number of the record in that delivery's file, from 1
)

// Column is a column of a table as engines see it.
type Column struct {
	Name    string
	FieldID int
	SQLType string // portable SQL type name
}

// DecimalPrecision is the number of digits of every decimal column.
const DecimalPrecision = 18

// SQLType is the type of a field's column.
func SQLType(f *city.Field) string {
	switch f.Type {
	case city.TypeInt:
		return "BIGINT"
	case city.TypeNumber:
		return "DOUBLE"
	case city.TypeDecimal:
		return fmt.Sprintf("DECIMAL(%d,%d)", DecimalPrecision, f.Scale)
	case city.TypeDate, city.TypeMonth:
		return "DATE"
	case city.TypeDateTime:
		return "TIMESTAMP"
	case city.TypeBool:
		return "BOOLEAN"
	}
	return "VARCHAR"
}

func icebergType(f *city.Field) iceberg.Type {
	switch f.Type {
	case city.TypeInt:
		return iceberg.PrimitiveTypes.Int64
	case city.TypeNumber:
		return iceberg.PrimitiveTypes.Float64
	case city.TypeDecimal:
		return iceberg.DecimalTypeOf(DecimalPrecision, f.Scale)
	case city.TypeDate, city.TypeMonth:
		return iceberg.PrimitiveTypes.Date
	case city.TypeDateTime:
		return iceberg.PrimitiveTypes.Timestamp
	case city.TypeBool:
		return iceberg.PrimitiveTypes.Bool
	}
	return iceberg.PrimitiveTypes.String
}

// fields lists the columns that a dataset's table must have. All are optional:
// engines write optional columns and Iceberg refuses those for required ones,
// so presence is enforced by validation.
func fields(ds *city.Dataset) []iceberg.NestedField {
	out := make([]iceberg.NestedField, 0, len(ds.Fields)+2)
	for _, f := range ds.Fields {
		out = append(out, iceberg.NestedField{ID: len(out) + 1, Name: f.Name, Type: icebergType(f), Doc: f.Title.EN})
	}
	out = append(out,
		iceberg.NestedField{ID: len(out) + 1, Name: ColumnDelivery, Type: iceberg.PrimitiveTypes.String, Doc: "delivery that wrote the row"},
		iceberg.NestedField{ID: len(out) + 2, Name: ColumnRow, Type: iceberg.PrimitiveTypes.Int64, Doc: "record number in the delivery's file"})
	return out
}

// Ensure creates the dataset's table, or adds the columns that the declaration
// has and the table has not. A column whose type changed is an error: the
// numbers that stand on it would change silently.
func (l *Lake) Ensure(ctx context.Context, ds *city.Dataset) error {
	h := l.handle(ds.Name)
	h.commit.Lock()
	defer h.commit.Unlock()
	t, err := l.load(ctx, ds.Name)
	if err != nil {
		return err
	}
	if t == nil {
		return l.create(ctx, ds)
	}
	return l.evolve(ctx, ds, t, h)
}

func (l *Lake) create(ctx context.Context, ds *city.Dataset) error {
	ns := table.Identifier{ds.Namespace()}
	if err := l.cat.CreateNamespace(ctx, ns, nil); err != nil && !errors.Is(err, catalog.ErrNamespaceAlreadyExists) {
		return outside(err, "cannot create the namespace of "+ds.Name)
	}
	_, err := l.cat.CreateTable(ctx, ident(ds.Name), iceberg.NewSchema(0, fields(ds)...),
		catalog.WithLocation(FileURI(l.dir+"/"+ds.Namespace()+"/"+ds.Table())),
		catalog.WithProperties(iceberg.Properties{
			"format-version": "2",
			"write.metadata.delete-after-commit.enabled": "true",
			"write.metadata.previous-versions-max":       "20",
			"gc.enabled":                                 "false", // evidence is never expired by another engine
		}))
	if err != nil {
		return outside(err, "cannot create the table of "+ds.Name)
	}
	return nil
}

func (l *Lake) evolve(ctx context.Context, ds *city.Dataset, t *table.Table, h *handle) error {
	sc := t.Schema()
	var missing []iceberg.NestedField
	for _, f := range fields(ds) {
		have, ok := sc.FindFieldByName(f.Name)
		switch {
		case !ok:
			missing = append(missing, f)
		case !have.Type.Equals(f.Type):
			return city.Errorf(city.CodeConflict, "the table of %s keeps %s as %s, the pack now declares %s", ds.Name, f.Name, have.Type, f.Type).
				At(ds.Pos.String()).WithHint("declare a new field beside it")
		}
	}
	if len(missing) == 0 {
		return nil
	}
	tx := l.begin(ds.Name, t)
	up := tx.UpdateSchema(true, false)
	for _, f := range missing {
		up.AddColumn([]string{f.Name}, f.Type, f.Doc, false, nil)
	}
	if err := up.Commit(); err != nil {
		return city.Errorf(city.CodeInternal, "cannot add columns to %s: %w", ds.Name, err)
	}
	if _, err := tx.Commit(ctx); err != nil {
		return outside(err, "cannot add columns to "+ds.Name)
	}
	h.changed()
	return nil
}

func sqlTypeOf(t iceberg.Type) string {
	switch t := t.(type) {
	case iceberg.Int64Type:
		return "BIGINT"
	case iceberg.Float64Type:
		return "DOUBLE"
	case iceberg.DecimalType:
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Precision(), t.Scale())
	case iceberg.DateType:
		return "DATE"
	case iceberg.TimestampType:
		return "TIMESTAMP"
	case iceberg.BooleanType:
		return "BOOLEAN"
	}
	return "VARCHAR"
}
