// Package notify sends messages about alerts: to a webhook as signed JSON, and as
// e-mail. Which channels there are, and what each takes, is declared in
// alerts.yaml of the data folder; passwords are never in it, only where they are
// (source.Secret).
//
// A message is sent at least once. Its key goes with it, as the header
// Idempotency-Key and as the Message-ID, so that a receiver can drop what came
// twice.
package notify
