package provision

// turn is held by one goroutine at a time. It is a channel and no mutex because
// what goes on meanwhile may sleep (a journal, a callback), and in a test with a
// clock of its own time passes only while everybody else waits for a channel.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take() { t <- struct{}{} }

// free takes the turn if nobody has it.
func (t turn) free() bool {
	select {
	case t <- struct{}{}:
		return true
	default:
		return false
	}
}

func (t turn) pass() { <-t }
