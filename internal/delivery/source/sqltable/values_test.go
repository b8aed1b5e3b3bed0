package sqltable_test

import (
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sqltable"
)

// TestValues holds that values go over as the database knows them, to the last
// digit, under the names of the sender.
func TestValues(t *testing.T) {
	t.Parallel()
	ddl := map[string][]string{
		"postgres": {`DROP SCHEMA IF EXISTS "前置" CASCADE`, `CREATE SCHEMA "前置"`, `CREATE DOMAIN yuan AS numeric(30,10)`,
			`CREATE TABLE "前置"."odd ""name" ("编号" bigint PRIMARY KEY, "金额" yuan, f double precision, d date, ts timestamp, tz timestamptz, b boolean, raw bytea, "身份证号" text, note text)`,
			`INSERT INTO "前置"."odd ""name" VALUES (9007199254740993, 12345678901234567890.0123456789, 0.1, '2024-02-29', '2024-02-29 12:34:56.789', '2024-02-29 12:00:00+08', true, '\x00ff', NULL, E'a,"b"\nc'),
			(9007199254740994, 0.10, 1e6, NULL, NULL, NULL, false, NULL, '', NULL)`},
		"mysql": {"CREATE TABLE `odd \"name` (`编号` bigint PRIMARY KEY, `金额` decimal(30,10), f double, d date, ts datetime(3), tz timestamp NULL, b boolean, raw varbinary(10), `身份证号` varchar(18), note text, bits bit(3))",
			"SET time_zone = '+08:00'",
			"INSERT INTO `odd \"name` VALUES (9007199254740993, 12345678901234567890.0123456789, 0.1, '2024-02-29', '2024-02-29 12:34:56.789', '2024-02-29 12:00:00', true, x'00ff', NULL, 'a,\"b\"\\nc', b'101')," +
				"(9007199254740994, 0.10, 1e6, NULL, NULL, NULL, false, NULL, '', NULL, NULL)"},
	}
	want := map[string]string{
		"postgres": "编号,amount,f,d,ts,tz,b,raw,身份证号,note\n" +
			"9007199254740993,12345678901234567890.0123456789,0.1,2024-02-29,2024-02-29 12:34:56.789,2024-02-29 04:00:00+00,true,00ff,,\"a,\"\"b\"\"\nc\"\n" +
			"9007199254740994,0.1000000000,1000000,,,,false,,,\n",
		"mysql": "编号,amount,f,d,ts,tz,b,raw,身份证号,note,bits\n" +
			"9007199254740993,12345678901234567890.0123456789,0.1,2024-02-29,2024-02-29 12:34:56.789,2024-02-29 04:00:00,1,00ff,,\"a,\"\"b\"\"\nc\",5\n" +
			"9007199254740994,0.1000000000,1000000,,,,0,,,,\n",
	}
	each(t, func(t *testing.T, s *sender) {
		driver := s.server.Driver
		s.Exec(t, ddl[driver]...)
		o := s.options()
		o.Watermark, o.Snapshot, o.Key = "编号", false, []string{"编号"}
		if o.Table = `odd "name`; driver == "postgres" { // the usual schema of mysql, and an odd one
			o.Table = `前置.odd "name`
		}
		o.Columns = map[string]string{}
		for _, c := range strings.Split(strings.SplitN(want[driver], "\n", 2)[0], ",") {
			o.Columns[c] = c
		}
		delete(o.Columns, "amount")
		o.Columns["金额"] = "amount"
		r := open(t, o)
		b, err := r.src.Next(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer b.Content.Close()
		text, err := io.ReadAll(b.Content)
		if err != nil || string(text) != want[driver] {
			t.Errorf("%v, got\n%s\nwant\n%s", err, text, want[driver])
		}
	})
}

// TestMuch streams a large table and looks at the memory that this takes.
func TestMuch(t *testing.T) { // not parallel: it looks at the memory of the program
	for driver := range servers {
		t.Run(driver, func(t *testing.T) {
			s := newSender(t, driver)
			series := map[string]string{"postgres": "generate_series(1, 100000) AS g(n)", "mysql": "(SELECT seq AS n FROM seq_1_to_100000) AS g"}[driver]
			s.Exec(t, "INSERT INTO people SELECT n, repeat('长', 100), '"+at(0)+"' FROM "+series)
			o := s.options()
			b, err := open(t, o).src.Next(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			defer b.Content.Close()
			var before, now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			lines, most, buf := 0, uint64(0), make([]byte, 1<<20)
			for {
				n, err := b.Content.Read(buf)
				lines += strings.Count(string(buf[:n]), "\n")
				if lines%1000 == 0 || err != nil {
					runtime.ReadMemStats(&now)
					most = max(most, now.HeapInuse)
				}
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if lines != 100_001 {
				t.Errorf("%d lines", lines)
			}
			const bound = 12 << 20 // the table has 30 MB
			if most > before.HeapInuse+bound {
				t.Errorf("the heap grew from %d to %d MiB", before.HeapInuse>>20, most>>20)
			}
		})
	}
}

// TestRefused holds what cannot be read without losing rows, or may not be.
func TestRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sender) {
		s.Exec(t, rows(1, 1, 1), "CREATE TABLE holes (id bigint PRIMARY KEY, updated timestamp(6) NULL, f double precision NOT NULL, person varchar(18) NOT NULL)",
			"INSERT INTO holes VALUES (1, NULL, 1, 'x')")
		for _, c := range []struct {
			table, watermark, key string
			want                  city.Code
		}{
			{"people", "updated", "id", ""},
			{"none", "updated", "id", "not_found.table"},
			{"people", "none", "id", "not_found.column"},
			{"people", "name", "id", "invalid.watermark"},
			{"holes", "updated", "id", "invalid.watermark"},
			{"holes", "f", "id", "invalid.watermark"},
			{"holes", "id", "person", "invalid.watermark"},
			{`people"; DROP TABLE people; --`, "updated", "id", "not_found.table"},
		} {
			o := s.options()
			o.Table, o.Watermark, o.Key = s.Schema+"."+c.table, c.watermark, []string{c.key}
			if c.table == "holes" {
				o.Columns = map[string]string{"id": "id", "person": "身份证号"}
			}
			b, err := open(t, o).src.Next(t.Context(), "")
			if c.want == "" && err != nil || c.want != "" && city.CodeOf(err) != c.want {
				t.Errorf("%s, %s, %s: %v, want %s", c.table, c.watermark, c.key, err, c.want)
			}
			if b != nil {
				_ = b.Content.Close() // it was not read
			}
		}
		other := s.options()
		r := open(t, other)
		if _, err := r.src.Next(t.Context(), `{"by":["x","y"],"at":["1","2"]}`); city.CodeOf(err) != "invalid.cursor" {
			t.Errorf("the cursor of another declaration: %v", err)
		}
		other.Database = "none"
		if _, err := r.src.Next(t.Context(), ""); city.CodeOf(err) != "not_found.table" {
			t.Errorf("no such database: %v", err)
		}
	})
}

func TestTLS(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sender) {
		s.Exec(t, rows(1, 1, 1))
		for _, c := range []struct {
			tls  source.TLS
			want city.Code
		}{
			{source.TLS{Mode: "verify", CA: s.server.CA}, ""},
			{source.TLS{Mode: "require"}, ""},
			{source.TLS{Mode: "verify"}, "forbidden.certificate"},
			{source.TLS{Mode: "verify", CA: "none.pem"}, "invalid.tls"},
		} {
			o := s.options()
			o.TLS = c.tls
			b, err := open(t, o).src.Next(t.Context(), "")
			if c.want == "" && err != nil || c.want != "" && city.CodeOf(err) != c.want {
				t.Errorf("%+v: %v, want %q", c.tls, err, c.want)
			}
			if b != nil {
				_ = b.Content.Close() // it was not read
			}
		}
	})
}

// TestSilence holds that a database that hangs in the middle of its rows is
// given up without anybody's deadline.
func TestSilence(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sender) {
		s.fill(t)
		o := s.options()
		o.Stall = 2 * time.Second // a loaded machine answers sooner
		b, err := open(t, o).src.Next(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer b.Content.Close()
		if _, err := b.Content.Read(make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		s.proxy.Hang()
		if _, err := io.Copy(io.Discard, b.Content); city.CodeOf(err) != "unavailable.stalled" {
			t.Errorf("it ends with %v", err)
		}
	})
}

// TestBreak holds that a connection that breaks in the middle of the rows is told
// apart from silence.
func TestBreak(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sender) {
		s.fill(t)
		s.proxy.CutAfter(4 << 20)
		b, err := open(t, s.options()).src.Next(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer b.Content.Close()
		if _, err := io.Copy(io.Discard, b.Content); city.CodeOf(err) != "unavailable.connection" || !strings.Contains(err.Error(), "broke off") {
			t.Errorf("it ends with %v", err)
		}
	})
}

// fill makes a table of 16 MB.
func (s *sender) fill(t *testing.T) {
	s.Exec(t, "INSERT INTO people VALUES (0, repeat('x', 2000), '"+at(0)+"')")
	for id := 1; id < 5000; id *= 2 {
		s.Exec(t, "INSERT INTO people SELECT id + "+strconv.Itoa(id)+", name, updated FROM people")
	}
}

// newOptions declare a table that is nowhere.
func newOptions() *sqltable.Options {
	o := sqltable.Kind().Options().(*sqltable.Options)
	o.Driver, o.Host, o.Database, o.User, o.Table, o.Key, o.Watermark = "postgres", "127.0.0.1", "qz", "reader", "people", []string{"id"}, "updated"
	return o
}

func TestCheck(t *testing.T) {
	t.Parallel()
	o := newOptions()
	if err := o.Check(); err != nil {
		t.Errorf("a right declaration: %v", err)
	}
	if got := o.Location(); got != "postgres://reader@127.0.0.1:5432/qz/people" {
		t.Error(got)
	}
	o.TLS.Mode, o.Host, o.Driver, o.Batch, o.Snapshot, o.Key = source.TLSOff, "db.example", "oracle", 0, true, nil
	err := o.Check()
	for _, key := range []string{"driver", "tls.mode", "batch", "watermark", "key"} {
		if err == nil || !strings.Contains(err.Error(), key+": ") {
			t.Errorf("no mistake at %s in: %v", key, err)
		}
	}
	positional := *dataset
	positional.Delivery.Header = city.HeaderNone
	if _, err := newOptions().Open(t.Context(), sourcetest.Env(t, &positional)); city.CodeOf(err) != city.CodeInvalid {
		t.Errorf("a dataset by position: %v", err)
	}
}
