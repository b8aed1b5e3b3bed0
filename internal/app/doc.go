// Package app puts the parts together: it is the only package that imports
// all others. An App is an open data folder:
//
//	lock            held by the process that may write; says who that is
//	jinyang.db      the transactional store (settings, deliveries, quarantine, audit chain)
//	pack/           the city pack in force, a copy
//	lake/           the Iceberg tables and their catalogue
//	evidence/       delivered files, compressed and sealed
//	progress/       files of reports by hand, sealed, by the hash of their content
//	vault/          the city's keys: back them up apart from the rest
//	drafts/         texts that targets are read from, each under its hash
//	alerts.yaml     where alerts are sent; written by people, see docs/alerts.md
//	tmp/            spill files; may be deleted while nothing runs
//
// One process at a time opens the folder for writing; any number may read it
// beside that (query, targets).
package app
