// Package alert decides what becomes of alerts: when a rule of the pack is
// raised, when it is over, who is told of it and who is not. It is pure; package
// watch reads what is watched and keeps what is decided, package notify sends.
//
// # The life of an alert
//
// A cause is a rule and a subject: one target, one member of an indicator, one
// dataset. There is at most one alert for a cause, for ever.
//
//	                     raised            Acknowledge
//	(none) ──▶ pending ─────────▶ firing ───────────────▶ acknowledged
//	                              ▲    │ ◀─────────────── │
//	     raised again:            │    │ cleared  Reopen  │ cleared
//	     the next occurrence      │    ▼                  │
//	                              recovered ◀─────────────┘
//
// A reading says raise, clear, or neither: thresholds that raise and clear may
// differ, and what lies between changes nothing. Where a rule says stays, so
// many readings in a row must agree; a reading of the same state of things
// counts once, however often one looks. Where nothing can be read, everything
// stays as it is.
//
// # Who is told
//
// An occurrence is told once when it is raised, once when it is over, and, where
// the rule says so, again while nobody has acknowledged it. A silence holds
// messages back: an occurrence that outlives it is told then, one that does not
// is never told. Messages carry a key made of what they tell (Message.Key), so
// that the same one is kept and received once.
package alert
