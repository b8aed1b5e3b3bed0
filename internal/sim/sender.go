package sim

import "github.com/jinyang-city/jinyang/internal/city"

// sender is the system of a bureau that sends one dataset.
type sender struct {
	dataset string
	columns []string // fields in the order of the file
	form    form
	every   city.Grain // month or quarter
	people  bool       // a register of persons: sampled, with bad rows

	// rows writes what is sent for a month (for a quarter, its last month).
	rows func(w *world, s *sheet, month city.Date)

	// history is how many months before the first are sent in one opening
	// batch, made by rows.
	history int
	// opening, when not nil, writes a register as it stands at the end of the
	// day before the first month.
	opening func(w *world, s *sheet, asOf city.Date)
}

// senders lists every system that the simulator knows.
func senders() []sender {
	province := form{gb18030: true, crlf: true}
	modern := form{}
	office := form{bom: true, crlf: true} // as spreadsheet programs save
	local := form{gb18030: true}
	out := personSenders(province)
	out = append(out, arbitrationSenders(province)...)
	out = append(out, medicalSenders(modern)...)
	out = append(out, institutionSenders(modern, office)...)
	out = append(out, environmentSenders(form{bom: true}, local)...)
	out = append(out, welfareSenders(local, modern)...)
	return append(out, economySenders(office, form{crlf: true, noHeader: true}, modern)...)
}

// personSenders are the registers of persons of the provincial platform.
func personSenders(f form) []sender {
	return []sender{
		{dataset: "hrss.employment", form: f, every: city.GrainMonth, people: true, rows: employmentMonth,
			columns: []string{"record_no", "person", "region", "event_date", "kind", "employer"}},
		{dataset: "hrss.training", form: f, every: city.GrainMonth, people: true, rows: trainingMonth,
			columns: []string{"record_no", "person", "course", "occupation", "grade", "region", "started_on", "completed_on", "subsidised", "amount"}},
		{dataset: "hrss.insurance", form: f, every: city.GrainMonth, people: true, rows: insuranceMonth, history: 1,
			columns: []string{"month", "person", "scheme", "region", "status", "base", "paid"}},
	}
}
