package lake

// The steps of the upkeep of tables after which a fault makes a difference. Each
// names what is durable once it is reached.
const (
	StepTagBegun      = "tag begun"      // the ledger knows of the tag
	StepTagTable      = "tag in a table" // one more table has it
	StepTagNoted      = "tag noted"      // who asked for it has noted it
	StepExpiryNoted   = "expiry noted"   // the ledger knows of the snapshots
	StepExpired       = "expired"        // the metadata have lost them
	StepFileRemoved   = "file removed"   // one more file is gone
	StepCompactFile   = "compact file"   // the joined file is written
	StepCompactCommit = "compact commit" // it has taken the place of the others
)

// Steps lists the steps.
func Steps() []string {
	return []string{StepTagBegun, StepTagTable, StepTagNoted, StepExpiryNoted, StepExpired, StepFileRemoved, StepCompactFile, StepCompactCommit}
}

func (l *Lake) step(name string) {
	if l.Step != nil {
		l.Step(name)
	}
}
