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

// Steps lists the steps in their order.
func Steps() []string {
	return []string{StepKept, StepStaged, StepMerged, StepPrepared, StepCommitted, StepFinished}
}

func (s *Service) step(name string) {
	if s.Step != nil {
		s.Step(name)
	}
}
