package pack

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

var (
	rowKinds = []string{string(city.CheckAnyOf), string(city.CheckNotAfter), string(city.CheckNotAbove)}
	setKinds = []string{string(city.CheckUnique), string(city.CheckReference), string(city.CheckMonotonic), string(city.CheckStuck), string(city.CheckGap)}
)

// buildChecks reads the checks over several fields and over sets of rows.
func (b *builder) buildChecks(d *datasetDecl) {
	seen := map[string]bool{}
	for _, v := range d.v.get("checks").list() {
		code := v.text("code")
		if code != "" && seen[code] {
			b.addf(v.at("code"), CodeDuplicateName, "", "two checks have the code %s", code)
		}
		seen[code] = true
		kind := b.exactlyOne(v, "a check", slices.Concat(rowKinds, setKinds))
		switch {
		case slices.Contains(rowKinds, kind):
			d.Checks = append(d.Checks, b.rowCheck(d, v, city.RowCheckKind(kind)))
		case kind != "":
			d.SetChecks = append(d.SetChecks, b.setCheck(d, v, city.SetCheckKind(kind)))
		}
	}
}

func (b *builder) rowCheck(d *datasetDecl, v *value, kind city.RowCheckKind) city.RowCheck {
	word := string(kind)
	b.fieldsOf(d, v.get(word), word, checkTypes(kind))
	return city.RowCheck{Code: v.text("code"), Kind: kind, Notice: v.text("on_fail") == "notice", Fields: v.get(word).texts(), Pos: v.pos}
}

// checkTypes says which fields a row check compares.
func checkTypes(kind city.RowCheckKind) typeClass {
	switch kind {
	case city.CheckNotAfter:
		return dated
	case city.CheckNotAbove:
		return numeric
	}
	return anyType
}

// setCheck reads a check over a set of rows. What a reference leads to is
// checked when all datasets are read, by checkReferences.
func (b *builder) setCheck(d *datasetDecl, v *value, kind city.SetCheckKind) city.SetCheck {
	body := v.get(string(kind))
	k := city.SetCheck{Code: v.text("code"), Kind: kind, Notice: v.text("on_fail") == "notice", By: body.get("by").texts(), Pos: v.pos}
	b.fieldsOf(d, body.get("by"), string(kind)+".by", anyType)
	switch kind {
	case city.CheckUnique:
		b.unique(d, body, &k)
	case city.CheckReference:
		k.Fields, k.Dataset, k.To = body.get("field").texts(), body.text("dataset"), body.text("to")
		b.fieldOf(d, body.get("field"), "reference.field", anyType)
	case city.CheckMonotonic:
		b.monotonic(d, body, &k)
	case city.CheckStuck:
		k.Fields, k.Run, k.Order = body.get("fields").texts(), body.int("run"), b.order(d, body, "stuck.order")
		b.fieldsOf(d, body.get("fields"), "stuck.fields", numeric)
		for _, n := range body.get("ignore").list() {
			k.Ignore = append(k.Ignore, n.num)
		}
	case city.CheckGap:
		b.gap(d, v, &k)
	}
	return k
}

// unique reports a combination that the key makes unique already.
func (b *builder) unique(d *datasetDecl, body *value, k *city.SetCheck) {
	k.Fields = body.texts()
	b.fieldsOf(d, body, "unique", anyType)
	inside := func(name string) bool { return slices.Contains(k.Fields, name) }
	if body != nil && len(d.Key) > 0 && !slices.ContainsFunc(d.Key, func(name string) bool { return !inside(name) }) {
		b.addf(body.pos, CodeInconsistent, "leave the check out", "unique: the fields hold the key, so that they never repeat")
	}
}

func (b *builder) monotonic(d *datasetDecl, body *value, k *city.SetCheck) {
	k.Fields, k.Order, k.Down = body.get("field").texts(), b.order(d, body, "monotonic.order"), body.text("direction") == "down"
	b.fieldOf(d, body.get("field"), "monotonic.field", numeric)
	if reset := body.text("reset"); reset != "none" && reset != "" {
		k.Reset = city.Grain(reset)
		if first := body.get("order").list(); len(first) > 0 {
			b.fieldOf(d, first[0], "monotonic.reset", dated)
		}
	}
}

// gap reads a check for missing steps. Its groups are named in receipts, so
// that no person may be one.
func (b *builder) gap(d *datasetDecl, v *value, k *city.SetCheck) {
	body := v.get("gap")
	order := body.get("order")
	k.Notice, k.Every, k.Most = true, city.Step(body.text("every")), body.int("most")
	if v.text("on_fail") == "quarantine" {
		b.addf(v.at("on_fail"), CodeInconsistent, "leave it out", "on_fail: a gap has no rows that could be held back")
	}
	for _, name := range body.get("by").list() {
		if f, ok := d.Field(name.str); ok && f.Type == city.TypePerson {
			b.addf(name.pos, CodeFieldType, "", "gap.by may not be a person, and the field %s is one", f.Name)
		}
	}
	b.ordering(d, order.get("date"), "gap.order.date", dated)
	b.ordering(d, order.get("hour"), "gap.order.hour", whole)
	k.Order = append(order.get("date").texts(), order.get("hour").texts()...)
	day, _ := d.Field(order.text("date"))
	hourly := k.Every == city.StepHour && (day == nil || day.Type != city.TypeDateTime)
	if order != nil && body.gives("every") && hourly != order.gives("hour") {
		b.addf(order.pos, CodeInconsistent, "give the hour where the rows are hourly and dated by the day, and only there", "gap: the steps are of a %s, and order.hour does not fit that", k.Every)
	}
}

// order reads the fields that order the rows of a group.
func (b *builder) order(d *datasetDecl, body *value, label string) []string {
	b.repeated(body.get("order"), label)
	for _, name := range body.get("order").list() {
		b.ordering(d, name, label, sortable)
	}
	return body.get("order").texts()
}

// ordering checks a field that says where a row stands, so that every row must
// have one.
func (b *builder) ordering(d *datasetDecl, name *value, label string, class typeClass) {
	if f := b.fieldOf(d, name, label, class); f != nil && f.Optional {
		b.addf(name.pos, CodeInconsistent, "remove optional from the field", "%s: the field %s may be empty, so it cannot order rows", label, f.Name)
	}
}

// fieldsOf checks a list of fields.
func (b *builder) fieldsOf(d *datasetDecl, v *value, label string, class typeClass) {
	b.repeated(v, label)
	for _, name := range v.list() {
		b.fieldOf(d, name, label, class)
	}
}

var (
	whole    = typeClass{"an int", []city.FieldType{city.TypeInt}}
	sortable = typeClass{"a date, datetime, month, number or string", []city.FieldType{
		city.TypeDate, city.TypeDateTime, city.TypeMonth, city.TypeInt, city.TypeNumber, city.TypeDecimal, city.TypeString}}
)

// checkReferences looks at where references lead, once all datasets are read.
func (b *builder) checkReferences() {
	for _, v := range b.docs[kindDataset] {
		for _, check := range v.get("checks").list() {
			if ref := check.get("reference"); ref != nil {
				b.checkReference(b.datasets[v.text(kindDataset)], ref)
			}
		}
	}
}

func (b *builder) checkReference(from *datasetDecl, ref *value) {
	name := ref.text("dataset")
	if name == "" || from == nil || !b.resolve(ref.at("dataset"), "reference.dataset", kindDataset, name) {
		return
	}
	if name == from.Name {
		b.addf(ref.at("dataset"), CodeInconsistent, "", "reference: the dataset %s refers to itself", name)
		return
	}
	f, ok := from.Field(ref.text("field"))
	to := b.fieldOf(b.datasets[name], ref.get("to"), "reference.to", anyType)
	if ok && to != nil && f.Type != "" && f.Type != to.Type {
		b.addf(ref.at("to"), CodeFieldType, "", "reference: the field %s is of type %s, and %s of %s is of type %s", f.Name, f.Type, to.Name, name, to.Type)
	}
}
