package delivery

// The steps of a delivery after which a fault makes a difference, in their
// order. Each names what is durable once it is reached.
const (
	StepKept      = "kept"      // the file lies in the archive, nobody knows of it
	StepStaged    = "staged"    // the store knows of the delivery
	StepMerged    = "merged"    // the Parquet files are written
	StepPrepared  = "prepared"  // the draft receipt and the quarantine are in the store
	StepCommitted = "committed" // the table has the rows
	StepFinished  = "finished"  // the receipt is final
)

// The steps of a rollback, likewise.
const (
	StepRollbackStaged    = "rollback staged"    // the store knows of the rollback
	StepRollbackWritten   = "rollback written"   // the Parquet files are written
	StepRollbackPrepared  = "rollback prepared"  // the counts are in the store
	StepRollbackCommitted = "rollback committed" // the table is as it would be
	StepRollbackFinished  = "rollback finished"  // the delivery is rolled back
)

// RollbackSteps lists the steps of a rollback in their order.
func RollbackSteps() []string {
	return []string{StepRollbackStaged, StepRollbackWritten, StepRollbackPrepared, StepRollbackCommitted, StepRollbackFinished}
}

// Steps lists the steps in their order.
func Steps() []string {
	return []string{StepKept, StepStaged, StepMerged, StepPrepared, StepCommitted, StepFinished}
}

func (s *Service) step(name string) {
	if s.Step != nil {
		s.Step(name)
	}
}
