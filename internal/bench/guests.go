package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"seance/internal/wireclient"
	"seance/relay/wire"
)

// How many hostile guests of each kind there are.
const (
	neverReaders = 10
	halfOpens    = 10
	flooders     = 4
	slowOnes     = 32
	breakers     = 4
)

// What they do how often.
const (
	chatter    = 40 * time.Millisecond // between two calls of who never reads: within the limit, and it fills the buffers of the others
	floodBurst = 50                    // frames at once
	floodEvery = 10 * time.Millisecond
	dripEvery  = 250 * time.Millisecond // between two bytes of a slow request
	breakEvery = 16 * time.Millisecond  // between two lines of one breaker, with breakBatch frames each: 2,000 frames/s in all
	breakBatch = 8
)

// The two addresses that boards come in by.
var paths = []string{"/ws", "/socket.io/?EIO=4&transport=websocket"}

// guests are hostile: some sit at a table of their own, some do not get beyond the door.
type guests struct {
	load  *load
	table *table
	seed  uint64
	tally tally
	slow  samples        // how long slow requests lasted that the server cut
	turns sync.WaitGroup // those who have not had their turn yet
	had   chan struct{}  // closed once everybody had theirs: all broken frames are out, and each of the others was dealt with
}

// invite gives the guests their table.
func (l *load) invite(seed uint64) (*guests, error) {
	t, err := l.newTable(1 + neverReaders + halfOpens + flooders + breakers)
	if err != nil {
		return nil, err
	}
	return &guests{load: l, table: t, seed: seed, had: make(chan struct{}), tally: tally{n: map[string]int{}}}, nil
}

// A guest does its worst until ctx is done, and calls turn when it has been dealt with for the first time.
type guest func(ctx context.Context, i int, p *player, turn func())

// run lets everybody do their worst until ctx is done, and waits until they are gone. It fails if their host cannot sit.
func (g *guests) run(ctx context.Context) error {
	var doing sync.WaitGroup
	defer doing.Wait()
	next := 1
	for _, kind := range []struct {
		n  int
		do guest
	}{
		{neverReaders, g.neverReads}, {halfOpens, g.goesSilent}, {flooders, g.floods}, {breakers, g.breaks}, {slowOnes, g.dawdles},
	} {
		for i := range kind.n {
			p := g.table.players[next%len(g.table.players)] // who does not get beyond the door needs no seat
			next++
			g.turns.Add(1)
			doing.Go(func() {
				turn := sync.OnceFunc(g.turns.Done)
				defer turn()
				kind.do(ctx, i, p, turn)
			})
		}
	}
	doing.Go(func() {
		g.turns.Wait()
		close(g.had)
	})

	host := g.table.players[0]
	client, err := wireclient.Dialer{OnEvent: func(wireclient.Event) {}}.Dial(ctx, g.load.o.Address, wire.Plain)
	if err != nil {
		return fmt.Errorf("the hostile table's host: %w", err)
	}
	defer client.Cut()
	if _, err := client.Join(ctx, host.token, nil); err != nil {
		return fmt.Errorf("the hostile table's host: %w", err)
	}
	g.talks(ctx, client)
	return nil
}

// talks keeps the hostile table busy, so that there is something not to read.
func (g *guests) talks(ctx context.Context, host *wireclient.Client) {
	for n := 0; wait(ctx, time.Now().Add(500*time.Millisecond)); n++ {
		var refused *wire.Error
		if _, err := host.Ask(ctx, uuid.NewString(), questions[n%len(questions)]); err != nil && !errors.As(err, &refused) {
			g.load.fail(ctx, "the hostile table's host", err)
			return
		}
	}
}

// neverReads sits down, writes within all limits and reads nothing, until the server gives it up.
func (g *guests) neverReads(ctx context.Context, i int, p *player, turn func()) {
	for ctx.Err() == nil {
		conn, err := g.sits(ctx, narrow(), paths[i%2], p)
		if err != nil {
			g.load.fail(ctx, "who never reads", err)
			return
		}
		for on := true; wait(ctx, time.Now().Add(chatter)); on = !on {
			_ = conn.Net.SetWriteDeadline(time.Now().Add(time.Second)) // an error shows in the next line
			if err := conn.WriteText(call(i%2, wire.CallType, fmt.Sprintf(`{"typing":%t}`, on))); err != nil {
				g.tally.add("readers that never read, given up by the server")
				turn()
				break
			}
		}
		conn.Close()
	}
}

// goesSilent sits down and is never heard of again, as a phone in a tunnel.
func (g *guests) goesSilent(ctx context.Context, i int, p *player, turn func()) {
	conn, err := g.sits(ctx, new(net.Dialer), paths[i%2], p)
	if err != nil {
		g.load.fail(ctx, "who goes silent", err)
		return
	}
	defer conn.Close()
	g.tally.add("half-open lines")
	turn() // the server cannot know for 45 s
	<-ctx.Done()
	_ = conn.Net.SetReadDeadline(time.Now().Add(time.Second)) // what it never took is all there
	for {
		_, err := conn.ReadFrame()
		var late net.Error
		switch {
		case err == nil:
			continue
		case !errors.As(err, &late) || !late.Timeout():
			g.tally.add("half-open lines, given up by the server")
		}
		return
	}
}

// floods sends much more than anybody may. It must be warned, and then closed with 4429.
func (g *guests) floods(ctx context.Context, i int, p *player, turn func()) {
	burst := slices.Repeat(wireclient.Masked(wireclient.OpText, true, []byte(call(i%2, wire.CallClock, `{"t0":1}`))), floodBurst)
	for ctx.Err() == nil {
		conn, err := g.sits(ctx, new(net.Dialer), paths[i%2], p)
		if err != nil {
			g.load.fail(ctx, "who floods", err)
			return
		}
		ends := make(chan string, 1)
		go func() { ends <- verdict(conn) }()
		for wait(ctx, time.Now().Add(floodEvery)) && len(ends) == 0 {
			_ = conn.Net.SetWriteDeadline(time.Now().Add(time.Second))
			if conn.WriteRaw(burst) != nil {
				break
			}
		}
		if ctx.Err() != nil { // it may have been in the middle of it
			conn.Close()
			<-ends
			return
		}
		if end := <-ends; end != "4429 after warnings" {
			g.load.failures.add("a flood ended with " + end)
		} else {
			g.tally.add("floods closed with 4429 after warnings")
		}
		turn()
		conn.Close()
	}
}

// verdict reads until the line ends, and says how.
func verdict(conn *wireclient.Conn) string {
	_ = conn.Net.SetReadDeadline(time.Now().Add(10 * time.Second))
	warned := ""
	for {
		f, err := conn.ReadFrame()
		switch {
		case err != nil:
			return "no close frame" + warned
		case f.Op == wireclient.OpClose:
			return fmt.Sprint(f.CloseCode()) + warned
		case strings.Contains(string(f.Payload), `"rate_limited"`):
			warned = " after warnings"
		}
	}
}

// dawdles sends a request so slowly that it never ends: its head, an upgrade's, its body, or nothing at all.
func (g *guests) dawdles(ctx context.Context, i int, _ *player, turn func()) {
	u, err := url.Parse(g.load.o.Address)
	if err != nil {
		g.load.fail(ctx, "who dawdles", err)
		return
	}
	start := [...]string{
		"",
		"GET /api/spirits HTTP/1.1\r\nHost: " + u.Host + "\r\nX-Slow: ",
		"GET /ws HTTP/1.1\r\nHost: " + u.Host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ",
		"POST /api/sessions HTTP/1.1\r\nHost: " + u.Host + "\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n",
	}[i%4]
	for ctx.Err() == nil {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", u.Host)
		if err != nil {
			g.load.fail(ctx, "who dawdles", err)
			return
		}
		begun := time.Now()
		if drip(ctx, conn, start) {
			g.slow.add(time.Since(begun))
			g.tally.add("slow requests cut by the server")
			turn()
		}
		conn.Close()
	}
}

// drip writes start and then a byte now and then, and reports whether the server hung up.
func drip(ctx context.Context, conn net.Conn, start string) bool {
	if _, err := conn.Write([]byte(start)); err != nil {
		return true
	}
	answer := make([]byte, 4096)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(dripEvery))
		_, err := conn.Read(answer)
		var late net.Error
		switch {
		case ctx.Err() != nil:
			return false
		case err == nil:
			continue // it says why, then it hangs up
		case !errors.As(err, &late) || !late.Timeout():
			return true
		case start == "":
			continue
		}
		if _, err := conn.Write([]byte("a")); err != nil {
			return true
		}
	}
}

// sits opens a WebSocket without manners and takes p's seat.
func (g *guests) sits(ctx context.Context, dialer *net.Dialer, path string, p *player) (*wireclient.Conn, error) {
	conn, err := wireclient.OpenWith(ctx, dialer, g.load.o.Address+path, nil, nil)
	if err != nil {
		return nil, err
	}
	codec := slices.Index(paths, path)
	if codec == 1 {
		err = conn.WriteText("40")
	}
	if err == nil {
		err = conn.WriteText(call(codec, wire.CallJoin, fmt.Sprintf(`{"token":%q}`, p.token)))
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// call is a call's text by the index of its path.
func call(codec int, event, data string) string {
	if codec == 1 {
		return fmt.Sprintf(`42["%s",%s]`, event, data)
	}
	return fmt.Sprintf(`{"event":"%s","data":%s}`, event, data)
}

// tally counts what became of the guests.
type tally struct {
	mu sync.Mutex
	n  map[string]int
}

func (t *tally) add(what string) { t.more(what, 1) }

func (t *tally) more(what string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n[what] += n
}

func (t *tally) list() []Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Count
	for _, name := range slices.Sorted(maps.Keys(t.n)) {
		all = append(all, Count{name, t.n[name]})
	}
	return all
}
