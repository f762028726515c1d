package ws

import (
	"net"
	"slices"
	"sync"
	"time"

	"seance/relay/wire"
)

// maxBatch is how large a frame may get that several were put into, in bytes.
const maxBatch = 16 << 10

// An outbox is the one way out of a connection: frames, pings and close frames all take it, so that none lands inside
// another. A write happens in the caller's goroutine as far as the kernel takes it without waiting; the rest waits in
// the queue and is drained by a goroutine that lives until the queue is empty. Where the descriptor is not ours (TLS)
// every write takes that goroutine. Safe for concurrent use; no method blocks but wait.
type outbox struct {
	conn    net.Conn
	raw     *rawWriter // used under mu, or by the drainer while there is one; nil where the descriptor is not ours
	limits  *Limits
	batch   bool           // frames that wait may be put together
	drainer sync.WaitGroup // at most one

	mu       sync.Mutex // guards what is below
	queue    []parcel
	draining bool
	frames   int // in the queue and counted
	bytes    int
	state    outboxState
	code     wire.CloseCode // what it was closed with
}

// A parcel is what is written in one go: a frame, or several that belong together.
type parcel struct {
	b      []byte
	part   bool // the rest of one whose beginning is out
	frames int  // how many of its frames and bytes count against the bound
	bytes  int
}

type outboxState int

const (
	isOpen    outboxState = iota
	isClosing             // the close frame is on its way; nothing goes out behind it
	isCut                 // nothing goes out any more
)

func newOutbox(conn net.Conn, limits *Limits, batch bool) *outbox {
	return &outbox{conn: conn, raw: newRawWriter(conn), limits: limits, batch: batch}
}

// send queues frames within the bound, as one write. False means that the outbox is closed, or has been closed with 4002
// just now because the board takes too little.
func (o *outbox) send(frames ...[]byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.state != isOpen || len(frames) == 0 {
		return o.state == isOpen
	}
	size := 0
	for _, f := range frames {
		size += len(f)
	}
	if o.frames+len(frames) > o.limits.BacklogFrames || o.bytes+size > o.limits.BacklogBytes {
		// What waits would come too late to matter, and hide the reason. Only a frame that is half out must go on.
		o.queue = o.queue[:min(len(o.queue), 1)]
		o.shut(wire.CloseTooSlow, reasons[wire.CloseTooSlow])
		return false
	}
	o.put(parcel{b: join(frames, o.batch), frames: len(frames), bytes: size})
	return true
}

// sendAll queues frames outside the bound, as what a board missed is. False means that the outbox is closed.
func (o *outbox) sendAll(frames [][]byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.state != isOpen {
		return false
	}
	o.put(parcel{b: join(frames, o.batch)})
	return true
}

// close sends a close frame behind what waits; the board has the goodbye time to take it all and to answer. Closing
// again changes nothing. Code 0 gives no reason.
func (o *outbox) close(code wire.CloseCode, reason string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.state == isOpen {
		o.shut(code, reason)
	}
}

// cut drops the connection: neither reading nor writing waits any longer.
func (o *outbox) cut() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.drop()
}

// isOpen reports whether anything may still go out.
func (o *outbox) isOpen() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state == isOpen
}

// wait returns once nothing is being written. After close or cut it does so within the goodbye time.
func (o *outbox) wait() { o.drainer.Wait() }

// shut closes an outbox that is open. The caller holds mu.
func (o *outbox) shut(code wire.CloseCode, reason string) {
	o.state, o.code = isClosing, code
	o.put(parcel{b: wire.CloseFrame(code, reason)})
	if o.state != isCut {
		// Errors mean that the connection is closed already.
		_ = o.conn.SetDeadline(time.Now().Add(o.limits.Goodbye))
	}
}

// drop is cut for a caller who holds mu.
func (o *outbox) drop() {
	o.state, o.queue = isCut, nil
	_ = o.conn.SetDeadline(time.Unix(1, 0)) // an error means that the connection is closed already
}

// put writes p as far as that goes without waiting, and leaves the rest to the drainer. The caller holds mu.
func (o *outbox) put(p parcel) {
	if !o.draining && o.raw != nil {
		n, err := o.raw.now(p.b)
		if err != nil {
			o.drop()
			return
		}
		if n == len(p.b) {
			return
		}
		p.b, p.part = p.b[n:], n > 0
	}
	o.queue = append(o.queue, p)
	o.frames += p.frames
	o.bytes += p.bytes
	if !o.draining {
		o.draining = true
		o.drainer.Go(o.drain)
	}
}

// drain writes what waits, and waits for the kernel to take it.
func (o *outbox) drain() {
	for {
		p, ok := o.first()
		if !ok {
			return
		}
		var err error
		if o.raw != nil {
			err = o.raw.all(p.b)
		} else {
			_, err = o.conn.Write(p.b)
		}
		o.mu.Lock()
		if err != nil {
			o.drop()
		}
		if len(o.queue) > 0 {
			o.queue = slices.Delete(o.queue, 0, 1)
		}
		o.frames -= p.frames
		o.bytes -= p.bytes
		o.mu.Unlock()
	}
}

// first is what is to be written next; it stays in the queue while it is. False ends the drainer.
func (o *outbox) first() (parcel, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == 0 {
		o.queue, o.draining = nil, false
		return parcel{}, false
	}
	if o.batch {
		o.gather()
	}
	return o.queue[0], true
}

// gather puts the text frames that wait at the front into one. The caller holds mu.
func (o *outbox) gather() {
	n, whole := 0, parcel{}
	for n < len(o.queue) && whole.bytes < maxBatch {
		p := o.queue[n]
		if p.part || p.frames == 0 || !wire.IsText(p.b) {
			break
		}
		whole.frames += p.frames
		whole.bytes += o.queue[n].bytes
		n++
	}
	if n < 2 {
		return
	}
	frames := make([][]byte, n)
	for i := range frames {
		frames[i] = o.queue[i].b
	}
	whole.b = join(frames, true)
	o.queue = slices.Replace(o.queue, 0, n, whole)
}

// join puts text frames behind one another; as a batch, their texts into one frame, one on a line.
func join(frames [][]byte, batch bool) []byte {
	if len(frames) == 1 {
		return frames[0]
	}
	if !batch {
		return slices.Concat(frames...)
	}
	var text []byte
	for i, f := range frames {
		if i > 0 {
			text = append(text, '\n')
		}
		text = append(text, wire.Payload(f)...)
	}
	return wire.Frame(text)
}
